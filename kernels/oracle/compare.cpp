#include "kernels/oracle/compare.h"

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

namespace {

/// The error of one element, infinite when it is wrong whatever the tolerance.
bool within(double found, double expected, const Tolerance& tolerance, double* error) {
  if (std::isinf(expected)) {
    *error = 0;
    return found == expected;  // the relative tolerance would be infinite
  }
  *error = std::abs(found - expected);
  return !!(*error <= tolerance.absolute + tolerance.relative * std::abs(expected));
}

template <class T>
Comparison compare_values(std::span<const T> found, std::span<const T> expected,
                          Tolerance tolerance) {
  Comparison result;
  double dot = 0, found_square = 0, expected_square = 0;
  const std::size_t count = std::min(found.size(), expected.size());
  const auto bad = [&](std::size_t i) {
    if (result.first_bad < 0) result.first_bad = static_cast<std::int64_t>(i);
  };
  for (std::size_t i = 0; i < count; ++i) {
    const auto a = static_cast<double>(found[i]), b = static_cast<double>(expected[i]);
    double error = 0;
    if (!within(a, b, tolerance, &error)) bad(i);
    if (!std::isfinite(a) || !std::isfinite(b)) continue;  // records hold finite figures only
    result.max_abs = std::max(result.max_abs, error);
    if (b != 0) result.max_rel = std::max(result.max_rel, error / std::abs(b));
    dot += a * b, found_square += a * a, expected_square += b * b;
  }
  if (found.size() != expected.size()) bad(count);
  if (const double norms = std::sqrt(found_square) * std::sqrt(expected_square); norms > 0)
    result.cosine = dot / norms;
  else
    result.cosine = found_square == expected_square ? 1 : 0;
  result.equal = result.first_bad < 0;
  if (!result.equal && result.first_bad < static_cast<std::int64_t>(count)) {
    result.found = found[result.first_bad], result.expected = expected[result.first_bad];
    result.nonfinite = !std::isfinite(result.found) && std::isfinite(result.expected);
  }
  return result;
}

}  // namespace

Comparison compare(TensorView found, TensorView expected, Tolerance tolerance) {
  return with_type(expected.dtype, [&]<class T>(std::type_identity<T>) {
    return compare_values(found.as<T>(), expected.as<T>(), tolerance);
  });
}

}  // namespace halcyon
