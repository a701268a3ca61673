#include "kernels/oracle/tolerance.h"

#include <algorithm>
#include <cmath>

#include "kernels/problem/op.h"
#include "kernels/problem/op_field.h"

namespace halcyon {
namespace {

// Absolute and relative tolerance of one f32 value (torch's assert_close), for a sum of one term.
constexpr double kAbsolute = 1e-5, kRelative = 1.3e-6;
// How far an error of one size in every input of a sum with weights of variance 1/K to 2/K can
// grow: the sum of the weights has a deviation of 1 to 1.4, of which 3 deviations are granted.
constexpr double kSumGain = 4;

/// The terms of the longest sum of an op: of its weights, over every axis but channel and batch.
std::int64_t longest_sum(const Op& op) {
  std::int64_t longest = 1;
  for (const TensorSpec& spec : parameters_of(op)) {
    if (spec.role == Role::bias) continue;
    std::int64_t terms = 1;
    for (std::size_t i = 0; i < spec.axes.size(); ++i)
      if (spec.axes[i] != "c" && spec.axes[i] != "n") terms *= spec.extents[i];
    longest = std::max(longest, terms);
  }
  return longest;
}

Tolerance tolerance(double terms, double activation_error) {
  return {kAbsolute * std::sqrt(terms) + activation_error, kRelative * std::sqrt(terms)};
}

}  // namespace

Tolerance tolerance_for(const Problem& problem, const TensorSpec& output, double activation_error) {
  std::int64_t terms = 1;
  double carried = 0;  // activation error at this point of the chain
  for (int i = 0; i <= output.op; ++i) {
    const Op& op = problem.ops()[i];
    const std::int64_t sum = longest_sum(op);
    terms = std::max(terms, sum);
    if (sum > 1) carried *= kSumGain;
    for (const OpField* field : arguments_of(*op.kind))  // activations inside the op
      if (!field->acts.empty()) carried += activation_error;
    for (const Epilogue& item : op.epilogue)
      if (item.kind == Epilogue::act) carried += activation_error;
  }
  if (output.name == problem.result_name(output.op)) return tolerance(terms, carried);
  const std::int64_t pixels =
      std::int64_t{problem.ops()[output.op].out.h} * problem.ops()[output.op].out.w;
  // An error of a fitted activation has a preferred sign, so the sum over a map adds it up.
  return tolerance(std::max(terms, pixels), carried * static_cast<double>(pixels));
}

Tolerance tolerance_for(const Problem& problem, double activation_error) {
  Tolerance widest{0, 0};
  for (const TensorSpec& spec : problem.tensors()) {
    if (spec.role != Role::output) continue;
    const Tolerance one = tolerance_for(problem, spec, activation_error);
    widest.absolute = std::max(widest.absolute, one.absolute);
    widest.relative = std::max(widest.relative, one.relative);
  }
  return widest;
}

}  // namespace halcyon
