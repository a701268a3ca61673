#include "schedules/apply/names.h"
#include "schedules/apply/rewrites/graph_copier.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Func;

/// The sum over the input's channels goes on to a multiple of `count`; a new stage has as many, of
/// which the last ones meet weights of zero.
class Fill : public GraphCopier {
 public:
  explicit Fill(const Step& step) : step_(step), count_(std::stoi(step.args[1])) {}
  bool found = false;

 protected:
  std::vector<Halide::Internal::ReductionVariable> loops(
      const Function& f, std::vector<Halide::Internal::ReductionVariable> all) override {
    if (stage_name(f.name()) != step_.stage) return all;
    for (auto& loop : all) {
      if (loop.var.substr(0, loop.var.find('$')) != step_.args[0]) continue;
      extent_ = loop.extent;
      loop.extent = simplify((loop.extent + count_ - 1) / count_ * count_);
      variable_ = loop.var;
    }
    return all;
  }

  Expr read(const Function& reader, const Function& producer, int value_index,
            std::vector<Expr> at) override {
    const auto* k = at.empty() ? nullptr : at[0].as<Halide::Internal::Variable>();
    if (stage_name(reader.name()) != step_.stage || !k || k->name != variable_)
      return GraphCopier::read(reader, producer, value_index, std::move(at));
    found = true;
    if (!stage_.defined()) {
      const auto axes = to_vars(producer.args());
      std::vector<Expr> from(axes.begin(), axes.end());
      from[0] = min(axes[0], extent_ - 1);
      stage_ = Func(step_.args[2]);
      stage_(axes) = copy(producer)(from);
    }
    return stage_(at);
  }

 private:
  const Step& step_;
  const int count_;
  Expr extent_;
  std::string variable_;  // Halide's name of the loop
  Func stage_;
};

}  // namespace

void rewrite_fill(Algorithm& a, const Step& step) {
  find_stage(step, stages_of(a), step.stage);
  Fill fill(step);
  fill.run(a);
  if (!fill.found)
    throw step_error(step, "'" + step.stage +
                               "' is no sum over all of the input's channels by a "
                               "loop '" +
                               step.args[0] + "'");
}

}  // namespace halcyon
