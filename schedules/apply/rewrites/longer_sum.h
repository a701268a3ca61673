#pragma once
#include <string>
#include <vector>

#include "schedules/apply/names.h"
#include "schedules/apply/rewrites/graph_copier.h"
#include "schedules/language/step.h"

namespace halcyon {

/// The sum of a step's stage over a loop (its first argument) goes on to a multiple of a number
/// (its second), where weights of zero wait.
class LongerSum : public GraphCopier {
 public:
  explicit LongerSum(const Step& step) : step_(step), count_(std::stoi(step.args[1])) {}
  bool found = false;  // whether the sum reads what the step is for

 protected:
  std::vector<Halide::Internal::ReductionVariable> loops(
      const Function& f, std::vector<Halide::Internal::ReductionVariable> all) override {
    if (!is_the_sum(f)) return all;
    for (auto& loop : all) {
      if (loop_name(loop.var) != step_.args[0]) continue;
      extent_ = loop.extent;
      loop.extent = simplify((loop.extent + count_ - 1) / count_ * count_);
      variable_ = loop.var;
    }
    return all;
  }

  bool is_the_sum(const Function& f) const { return stage_name(f.name()) == step_.stage; }

  const Step& step_;
  const int count_;
  Halide::Expr extent_;   // of the loop, as it was
  std::string variable_;  // Halide's name of the loop
};

}  // namespace halcyon
