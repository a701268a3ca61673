#include "kernels/oracle/tolerance.h"

#include <algorithm>
#include <cmath>

#include "kernels/oracle/half.h"
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

/// How many words of an op are activations that are fitted or divide: in i8 their step may be the
/// next one where the exact value lies near a rounding edge.
int fitted_activations(const Op& op) {
  return static_cast<int>(std::count_if(op.epilogue.begin(), op.epilogue.end(), [](const auto& e) {
    return e.kind == Epilogue::act && e.function != Act::relu && e.function != Act::relu6;
  }));
}

/// The distance of 1 to the next number of a dtype of 16 bits.
double epsilon_of(DType dtype) {
  return dtype == DType::bf16 ? BFloat16::epsilon() : Float16::epsilon();
}

/// In i8: bit for bit, but for what fitted activations round elsewhere. A step off in some inputs
/// of a sum seldom moves it by half a step, and never by more than one.
Tolerance tolerance_in_steps(const Problem& problem, const TensorSpec& output) {
  int fitted = 0;
  for (int i = 0; i <= output.op; ++i) fitted += fitted_activations(problem.ops()[i]);
  return {static_cast<double>(std::min(fitted, 2)), 0};
}

/// An op of f32 arithmetic between tensors of 16 bits: where its sum lies near a rounding edge, the
/// element is the next one, a relative error of `epsilon`; and so may be the elements before it.
Tolerance with_roundings(Tolerance t, const Problem& problem, const TensorSpec& output) {
  const double epsilon = epsilon_of(problem.dtype());
  const bool is_sum = output.dtype == DType::f32;
  return {t.absolute + kSumGain * epsilon * (output.op + (is_sum ? 1 : 0)),
          t.relative + (is_sum ? 0 : epsilon)};
}

Tolerance tolerance_in_f32(const Problem& problem, const TensorSpec& output,
                           double activation_error) {
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

}  // namespace

Tolerance tolerance_for(const Problem& problem, const TensorSpec& output, double activation_error) {
  if (problem.dtype() == DType::i8) return tolerance_in_steps(problem, output);
  const Tolerance t = tolerance_in_f32(problem, output, activation_error);
  return problem.dtype() == DType::f32 ? t : with_roundings(t, problem, output);
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
