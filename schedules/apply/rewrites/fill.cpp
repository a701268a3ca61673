#include "schedules/apply/rewrites/longer_sum.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Func;

/// The sum over the input's channels: a new stage (the step's third argument) has as many, whatever
/// the last ones are.
class Fill : public LongerSum {
 public:
  using LongerSum::LongerSum;

 protected:
  Expr read(const Function& reader, const Function& producer, int value_index,
            std::vector<Expr> at) override {
    const auto* k = at.empty() ? nullptr : at[0].as<Halide::Internal::Variable>();
    if (!is_the_sum(reader) || !k || k->name != variable_)
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
  Func stage_;  // once it is read
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
