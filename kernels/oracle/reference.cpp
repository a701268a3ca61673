#include "kernels/oracle/reference.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "kernels/error.h"
#include "kernels/problem/op.h"

namespace halcyon {
namespace {

/// The tensor called `name` of `values`; `problem` promised that it is there.
std::span<const double> value_of(const Values& values, const std::string& name) {
  return values.at(name);
}

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

/// The names of the further inputs of op `op`, in order: its own, then those of its epilogue.
std::vector<std::string> extras_of(const Problem& problem, int op) {
  std::vector<std::string> names;
  for (const TensorSpec& spec : problem.tensors())
    if (spec.role == Role::extra && spec.op == op) names.push_back(spec.name);
  return names;
}

std::vector<double> sums_of(const Op& op, const std::vector<double>& result) {
  const std::size_t channels = op.out.c;
  const std::size_t image = channels * op.out.h * op.out.w;
  std::vector<double> sums(op.out.n * channels);
  for (std::size_t i = 0; i < result.size(); ++i)
    sums[i / image * channels + i % channels] += result[i];
  return sums;
}

/// Runs op `i` on `in`: its result after the epilogue. Its sums, if any, go into `values`.
std::vector<double> run_op(const Problem& problem, int i, std::span<const double> in,
                           Values& values) {
  const Op& op = problem.ops()[i];
  const std::vector<std::string> extras = extras_of(problem, i);
  std::size_t next = 0;
  for (const TensorSpec& spec : parameters_of(op)) next += spec.role == Role::extra;
  const auto argument = [&](const char* base) {
    const bool extra = base == std::string_view("x");
    return value_of(values, extra ? extras.front() : problem.name(base, i));
  };
  std::vector<double> result = op.kind->reference(op, in, argument);
  const auto each = [&](std::span<const double> operand, auto&& combine) {
    for (std::size_t e = 0; e < result.size(); ++e)
      result[e] = combine(result[e], operand[e % operand.size()]);
  };
  for (const Epilogue& item : op.epilogue) switch (item.kind) {
      case Epilogue::act:
        for (double& x : result) x = activation(item.function, x);
        break;
      case Epilogue::scale:
        each(value_of(values, extras[next++]), std::multiplies<>());
        break;
      case Epilogue::add:
        each(value_of(values, extras[next++]), std::plus<>());
        break;
      case Epilogue::skip:
        each(value_of(values, "in"), std::plus<>());
        break;
      case Epilogue::sums:
        values[problem.name("sums", i)] = sums_of(op, result);
        break;
    }
  return result;
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
  Values values = checked_arguments(problem, arguments);
  std::vector<double> current = values.at("in");
  for (std::size_t i = 0; i < problem.ops().size(); ++i)
    current = run_op(problem, static_cast<int>(i), current, values);
  values["out"] = std::move(current);
  Tensors outputs;
  for (const TensorSpec& spec : problem.tensors())
    if (spec.role == Role::output)
      outputs[spec.name] = Tensor::rounded(spec.dtype, values.at(spec.name));
  return outputs;
}

}  // namespace halcyon
