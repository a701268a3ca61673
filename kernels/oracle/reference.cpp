#include "kernels/oracle/reference.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "kernels/error.h"
#include "kernels/oracle/op_values.h"
#include "kernels/problem/op.h"

namespace halcyon {
namespace {

Values checked_arguments(const Problem& problem, const Tensors& arguments) {
  Values values;
  for (const TensorSpec& spec : problem.tensors()) {
    if (spec.role == Role::output) continue;
    const auto found = arguments.find(spec.name);
    if (found == arguments.end()) throw data_error("tensor '" + spec.name + "' is missing");
    const TensorView argument = found->second;
    if (argument.dtype != spec.dtype)
      throw data_error("tensor '" + spec.name + "' is of " + std::string(to_text(argument.dtype)) +
                       "; allowed: " + std::string(to_text(spec.dtype)));
    if (static_cast<std::int64_t>(argument.size()) != spec.elements())
      throw data_error("tensor '" + spec.name + "' has " + std::to_string(argument.size()) +
                       " elements; allowed: " + std::to_string(spec.elements()));
    values[spec.name] = numbers_of<double>(argument);
  }
  return values;
}

std::vector<double> sums_of(const Op& op, const std::vector<double>& result) {
  const std::size_t channels = op.out.c;
  const std::size_t image = channels * op.out.h * op.out.w;
  std::vector<double> sums(op.out.n * channels);
  for (std::size_t i = 0; i < result.size(); ++i)
    sums[i / image * channels + i % channels] += result[i];
  return sums;
}

/// Runs an op on `in`: its result after the epilogue.
std::vector<double> run_op(OpValues values, std::span<const double> in) {
  const Op& op = values.o();
  std::vector<double> result =
      op.kind->reference(op, in, [&](const char* base) { return values.argument(base); });
  const auto each = [&](std::span<const double> operand, auto&& combine) {
    for (std::size_t e = 0; e < result.size(); ++e)
      result[e] = combine(result[e], operand[e % operand.size()]);
  };
  for (const Epilogue& item : op.epilogue) {
    const auto operand = values.operand(item);
    if (item.kind == Epilogue::act)
      for (double& x : result) x = activation(item.function, x);
    else if (item.kind == Epilogue::scale)
      each(operand, std::multiplies<>());
    else if (item.kind != Epilogue::sums)
      each(operand, std::plus<>());
  }
  return result;
}

/// Calls visit(op, result) for each op in turn. Every result is rounded to the problem's dtype, but
/// f32, whose roundings are the tolerance's affair.
template <class Visit>
void each_result(const Problem& problem, const Values& values, Visit&& visit) {
  std::vector<double> current = values.at("in");
  for (int i = 0; i < static_cast<int>(problem.ops().size()); ++i) {
    const OpValues of_op(problem, i, values);
    if (of_op.o().kind->alone) {
      current = run_conversion(of_op, problem.dtype(), current);
    } else if (problem.dtype() == DType::i8) {
      current = run_quantised(of_op, current);
    } else {
      current = run_op(of_op, current);
      if (problem.dtype() != DType::f32)
        for (double& x : current) x = rounded_to(problem.dtype(), x);
    }
    visit(i, current);
  }
}

}  // namespace

double activation(Act act, double x) {
  const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
  // Comparisons written so that NaN stays NaN.
  const auto clamp = [](double v, double high) { return v < 0 ? 0 : v > high ? high : v; };
  switch (act) {
    case Act::relu:
      return x < 0 ? 0 : x;
    case Act::relu6:
      return clamp(x, 6);
    case Act::hardsigmoid:
      return clamp(x + 3, 6) / 6;
    case Act::hardswish:
      return x * clamp(x + 3, 6) / 6;
    case Act::sigmoid:
      return sigmoid(x);
    case Act::silu:
      return x * sigmoid(x);
    case Act::gelu:
      return x * 0.5 * std::erfc(-x / std::numbers::sqrt2);
  }
  return x;
}

Tensors reference(const Problem& problem, const Tensors& arguments) {
  Values values = checked_arguments(problem, arguments), results;
  each_result(problem, values, [&](int i, const std::vector<double>& result) {
    const Op& op = problem.ops()[i];
    if (op.has(Epilogue::sums)) results[problem.name("sums", i)] = sums_of(op, result);
    results[problem.result_name(i)] = result;
  });
  Tensors outputs;
  for (const TensorSpec& spec : problem.tensors())
    if (spec.role == Role::output)
      outputs[spec.name] = Tensor::rounded(spec.dtype, results.at(spec.name));
  return outputs;
}

std::vector<std::pair<double, double>> result_ranges(const Problem& problem,
                                                     const Tensors& arguments) {
  std::vector<std::pair<double, double>> ranges;
  each_result(problem, checked_arguments(problem, arguments),
              [&](int, const std::vector<double>& result) {
                const auto [least, most] = std::minmax_element(result.begin(), result.end());
                ranges.emplace_back(*least, *most);
              });
  return ranges;
}

}  // namespace halcyon
