#include "kernels/algorithms/algorithm.h"

#include <algorithm>
#include <span>

#include "kernels/algorithms/activation.h"
#include "kernels/algorithms/kernel.h"
#include "kernels/error.h"
#include "kernels/oracle/halide_type.h"
#include "kernels/problem/quantisation.h"

namespace halcyon {

using namespace Halide;

Func Algorithm::input(const TensorSpec& spec) {
  const ImageParam param(Type(halide_type(spec.dtype)), static_cast<int>(spec.axes.size()),
                         spec.name);
  inputs.push_back(param);
  const std::vector<Var> axes(spec.axes.begin(), spec.axes.end());
  Func f(spec.name + "_im");
  f(axes) = Internal::Call::make(param.parameter(), {axes.begin(), axes.end()});
  return f;
}

Func Algorithm::pad(const std::string& name, Func source, std::map<std::string, int> extent,
                    Expr value, const std::vector<std::string>& unguarded) {
  Expr outside = Internal::const_false();
  std::vector<Expr> inside;
  for (const Var& axis : source.args()) {
    const auto found = extent.find(axis.name());
    if (found == extent.end()) {
      inside.push_back(axis);
      continue;
    }
    const int last = found->second - 1;
    if (std::find(unguarded.begin(), unguarded.end(), axis.name()) != unguarded.end()) {
      inside.push_back(clamp(axis, 0, last));
    } else {
      outside = outside || axis < 0 || axis > last;
      inside.push_back(clamp(likely(axis), 0, last));
    }
  }
  Func f(name);
  f(source.args()) = select(outside, value, likely(source(inside)));
  paddings[name] = {source, std::move(extent), value};
  return f;
}

std::vector<Argument> Algorithm::arguments() const { return {inputs.begin(), inputs.end()}; }

Pipeline Algorithm::pipeline() const {
  Pipeline all(outputs);
  for (const auto& pass : passes)  // its deleter keeps it alive as long as the pipeline
    all.add_custom_lowering_pass(pass.get(), [pass] {});
  return all;
}

RDom reduction(const std::vector<std::pair<std::string, int>>& loops) {
  std::vector<Internal::ReductionVariable> variables;
  for (const auto& [name, extent] : loops)
    variables.push_back({Internal::unique_name(name), 0, extent});
  return RDom(Internal::ReductionDomain(variables));
}

namespace {

/// What the epilogue of an op reads, asked in the order of its words: a further input or the
/// problem's input, here. The op's own further inputs (tokensum's weights) come before those.
class Operands {
 public:
  explicit Operands(const Build& b) : b_(b), extras_(b.extras()) {
    const auto& epilogue = b.o().epilogue;
    next_ = extras_.size() - std::count_if(epilogue.begin(), epilogue.end(), [](const auto& e) {
              return e.kind == Epilogue::scale || e.kind == Epilogue::add;
            });
  }
  Expr of(const Epilogue& e) {
    return b_.here(e.kind == Epilogue::skip ? b_.arguments.at("in") : extras_[next_++]);
  }

 private:
  const Build& b_;
  const std::vector<Func> extras_;
  std::size_t next_ = 0;
};

/// The epilogue of an op applied to its value, in f32, in the order in which the line has it, and
/// what comes of it as the problem's dtype stores it.
Expr with_epilogue(const Build& b, const Expr& result) {
  Expr value = b.wide(result);
  Operands operands(b);
  for (const Epilogue& e : b.o().epilogue) {
    if (e.kind == Epilogue::act)
      value = activation_call(e.function, value);
    else if (e.kind == Epilogue::scale)
      value = value * b.wide(operands.of(e));
    else if (e.kind != Epilogue::sums)  // a second output, of the finished result
      value = value + b.wide(operands.of(e));
  }
  return cast(Type(halide_type(b.problem.dtype())), value);
}

/// What neither Halide nor LLVM contracts or reorders, so that steps are the same everywhere.
Expr strict(Internal::Call::IntrinsicOp op, const Expr& a, const Expr& b) {
  return Internal::Call::make(Float(32), op, {a, b}, Internal::Call::PureIntrinsic);
}
Expr strict_product(const Expr& a, const Expr& b) {
  return strict(Internal::Call::strict_mul, a, b);
}
Expr strict_sum(const Expr& a, const Expr& b) { return strict(Internal::Call::strict_add, a, b); }

/// The limits that a relu or relu6 at the end of an op sets, which are set where steps saturate.
struct Limits {
  Expr least, most;  // in steps of the result from its zero point; undefined where it saturates
};

bool ends_in_limits(const Op& o) {
  if (o.epilogue.empty() || o.epilogue.back().kind != Epilogue::act) return false;
  const Act act = o.epilogue.back().function;
  return act == Act::relu || act == Act::relu6;
}

Limits limits_of(const Build& b, Act act) {
  if (act == Act::relu) return {0.f, {}};
  return {0.f, strict_product(6.f, b.constant(quantised::per_scale))};
}

/// round(v) + zero as a u8, ties to even, saturated. Added to 1.5 * 2^23 the integer is in the low
/// bits of the sum, and the bits of positive floats are in the order of the numbers: limits are set
/// there, the upper one by u32's saturation to u8, which is free.
Expr to_steps(const Build& b, const Expr& v, const Limits& limits) {
  constexpr float kShift = 12582912;
  constexpr std::uint32_t kShiftBits = 0x4b400000;
  const Expr zero = b.constant(quantised::zero);
  const Expr least = limits.least.defined() ? limits.least : -zero;
  Expr shifted = max(strict_sum(v, kShift), strict_sum(least, kShift));
  if (limits.most.defined()) shifted = min(shifted, strict_sum(limits.most, kShift));
  const Expr integer =
      reinterpret<std::uint32_t>(shifted) - (Expr(kShiftBits) - cast<std::uint32_t>(zero));
  return cast<std::uint8_t>(min(integer, Expr(255u)));
}

Expr activated_steps(const Build& b, Act act, const Expr& v) {
  if (act == Act::relu || act == Act::relu6) {
    const Limits limits = limits_of(b, act);
    const Expr low = max(v, limits.least);
    return limits.most.defined() ? min(low, limits.most) : low;
  }
  const Expr scale = b.constant(quantised::scale);
  if (act == Act::hardswish) return v * clamp(v * (scale * (1.f / 6)) + 0.5f, 0.f, 1.f);
  return activation_call(act, v * scale) * b.constant(quantised::per_scale);
}

/// The same in i8, as quantisation.h says.
Expr requantised(const Build& b, const Expr& result) {
  if (!requantises(b.o())) return result;
  const bool element = result.type() == b.in.type();
  const bool weighted = !parameters_of(b.o()).empty();
  const Expr factor = weighted ? b.argument("m")(b.c) : b.constant(quantised::factor);
  Expr v = strict_product(element ? b.value(result) : cast<float>(result), factor);
  Operands operands(b);
  int place = quantised::extras;
  std::span<const Epilogue> words = b.o().epilogue;
  Limits limits;
  if (ends_in_limits(b.o())) {
    limits = limits_of(b, words.back().function);
    words = words.first(words.size() - 1);
  }
  for (const Epilogue& e : words) {
    if (e.kind == Epilogue::act) {
      v = activated_steps(b, e.function, v);
      continue;
    }
    const Expr zero = b.constant(place), f = b.constant(place + 1);
    place += 2;
    const Expr x = strict_product(f, cast<float>(operands.of(e)) - zero);
    v = e.kind == Epilogue::scale ? strict_product(v, x) : strict_sum(v, x);
  }
  return to_steps(b, v, limits);
}

/// An element in another dtype.
Expr converted(const Build& b, const Expr& element) {
  Expr v = cast<float>(element);
  if (has_constants(b.problem.dtype(), b.o()))
    v = strict_product(v - b.constant(quantised::in_zero), b.constant(quantised::factor));
  return b.o().to == DType::i8 ? to_steps(b, v, {}) : cast(Type(halide_type(b.o().to)), v);
}

/// The result of an op as it is stored, from its value before the epilogue.
Expr stored(const Build& b, const Expr& value) {
  if (b.o().kind->alone) return converted(b, value);
  return b.quantised() ? requantised(b, value) : with_epilogue(b, value);
}

/// The output sums<i>: the op's result summed over its map in a stage of its own, total<i>. Summed
/// in the output itself, Halide would take the output's memory for aligned where it reads it back.
Func sums_of(const Build& b, const Func& result) {
  const RDom r = reduction({{"rx", b.o().out.w}, {"ry", b.o().out.h}});
  const std::string name = b.name("sums");
  const auto& tensors = b.problem.tensors();
  const auto spec =
      std::find_if(tensors.begin(), tensors.end(), [&](const auto& t) { return t.name == name; });
  const std::vector<Var> axes(spec->axes.begin(), spec->axes.end());
  Func total(b.name("total")), sums(name);
  total(axes) = 0.f;
  total(axes) += b.wide(b.at(result, b.c, r[0], r[1]));
  sums(axes) = total(axes);
  return sums;
}

}  // namespace

Algorithm build_algorithm(const Problem& problem) {
  Algorithm a;
  std::map<std::string, Func> arguments;
  for (const TensorSpec& t : problem.tensors()) {
    a.extents[t.name] = t.extents;
    if (t.role != Role::output) arguments[t.name] = a.input(t);
  }
  std::vector<Func> sums;
  Func tensor = arguments.at("in");
  for (int op = 0; op < static_cast<int>(problem.ops().size()); ++op) {
    const Build b{a, problem, op, tensor, arguments};
    const std::string name = problem.result_name(op);
    Func result(name);
    const Expr value = kernel_of(b.o().word()).build(b);
    result(b.axes()) = stored(b, value);
    b.has_extents_of_result(name, b.axes());
    if (b.o().has(Epilogue::sums)) sums.push_back(sums_of(b, result));
    tensor = result;
  }
  a.outputs = {tensor};
  a.outputs.insert(a.outputs.end(), sums.begin(), sums.end());
  return a;
}

}  // namespace halcyon
