#include "schedules/apply/rewrites/longer_sum.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Internal::Load;
using Halide::Internal::Ramp;
using Halide::Internal::Shuffle;

/// The sum over a loop of a window. Only what is padded along x may be read beyond the window, as
/// the last group of taps does.
class Gather : public LongerSum {
 public:
  Gather(const Algorithm& a, const Step& step) : LongerSum(step), algorithm_(a) {}

 protected:
  Expr read(const Function& reader, const Function& producer, int value_index,
            std::vector<Expr> at) override {
    const auto padding = algorithm_.paddings.find(stage_name(producer.name()));
    found = found || (is_the_sum(reader) && padding != algorithm_.paddings.end() &&
                      padding->second.extent.contains(producer.args()[1]) &&
                      expr_uses_var(at[1], variable_));
    return GraphCopier::read(reader, producer, value_index, std::move(at));
  }

 private:
  const Algorithm& algorithm_;
};

/// A lowering pass: what a dot product reads of n channels at neighbouring points that stand one
/// after the other, (tap, channel), is loaded as one vector, whose bytes one instruction puts in
/// order (vpermb). Else Halide would load it byte by byte.
class LoadNeighbours : public Halide::Internal::IRMutator {
 private:
  using IRMutator::visit;
  Expr visit(const Load* load) override {
    const auto* channels = load->index.as<Ramp>();
    const auto* taps = channels ? channels->base.as<Ramp>() : nullptr;
    if (!taps || !is_const_one(channels->stride) || !is_const_one(load->predicate) ||
        !is_const(taps->stride, channels->lanes))
      return IRMutator::visit(load);
    const int count = taps->lanes, lanes = channels->lanes;
    std::vector<int> order;
    for (int i = 0; i < lanes; ++i)
      for (int j = 0; j < count; ++j) order.push_back(j * lanes + i);
    const Expr all =
        Load::make(load->type, load->name, Ramp::make(taps->base, 1, count * lanes), load->image,
                   load->param, Halide::Internal::const_true(count * lanes), {});
    return Shuffle::make({all}, order);
  }
};

}  // namespace

void rewrite_gather(Algorithm& a, const Step& step) {
  find_stage(step, stages_of(a), step.stage);
  Gather gather(a, step);
  gather.run(a);
  if (!gather.found)
    throw step_error(step, "'" + step.stage +
                               "' is no sum over a window that is padded along x, by a loop '" +
                               step.args[0] + "'");
  a.passes.push_back(std::make_shared<LoadNeighbours>());
}

}  // namespace halcyon
