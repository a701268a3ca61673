#include "kernels/algorithms/algorithm.h"

#include <algorithm>

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

/// What becomes of a sum on its way to steps: a product, or a number where `by` is undefined.
struct Steps {
  Expr of, by;
  Expr value() const { return by.defined() ? strict_product(of, by) : of; }
};

/// The relu or relu6 that ends an op, whose limits are set where steps saturate; null: none.
const Epilogue* last_limit(const Op& o) {
  if (o.epilogue.empty()) return nullptr;
  const Epilogue& last = o.epilogue.back();
  const bool limits =
      last.kind == Epilogue::act && (last.function == Act::relu || last.function == Act::relu6);
  return limits ? &last : nullptr;
}

/// Six in steps of the result, from its zero point.
Expr six(const Build& b) { return strict_product(6.f, b.constant(quantised::per_scale)); }

/// round(v) + zero as a u8, ties to even, saturated. Added to 1.5 * 2^23, in one multiply-add that
/// nothing may take apart, the integer is in the low bits of the sum, and the bits of positive
/// floats are in the order of the numbers: limits are set there, the upper one by u32's saturation
/// to u8, which is free.
Expr to_steps(const Build& b, const Steps& v) {
  constexpr float kShift = 12582912;
  constexpr std::uint32_t kShiftBits = 0x4b400000;
  const Expr zero = b.constant(quantised::zero);
  const Epilogue* limit = last_limit(b.o());
  Expr shifted = v.by.defined() ? v.of * v.by + kShift : strict_sum(v.of, kShift);
  shifted = strict(Internal::Call::strict_max, shifted, limit ? Expr(kShift) : kShift - zero);
  if (limit && limit->function == Act::relu6)
    shifted = strict(Internal::Call::strict_min, shifted, kShift + six(b));
  const Expr integer =
      reinterpret<std::uint32_t>(shifted) - (Expr(kShiftBits) - cast<std::uint32_t>(zero));
  return cast<std::uint8_t>(min(integer, Expr(255u)));
}

Steps activated_steps(const Build& b, Act act, const Expr& v) {
  if (act == Act::relu) return {max(v, 0.f), {}};
  if (act == Act::relu6) return {clamp(v, 0.f, six(b)), {}};
  const Expr scale = b.constant(quantised::scale);
  if (act == Act::hardswish) return {v, clamp(v * (scale * (1.f / 6)) + 0.5f, 0.f, 1.f)};
  return {activation_call(act, v * scale), b.constant(quantised::per_scale)};
}

/// The same in i8, as quantisation.h says.
Expr requantised(const Build& b, const Expr& result) {
  if (!requantises(b.o())) return result;
  const bool element = result.type() == b.in.type();
  const bool weighted = !parameters_of(b.o()).empty();
  Steps v{element ? b.value(result) : cast<float>(result),
          weighted ? b.argument("m")(b.c) : b.constant(quantised::factor)};
  Operands operands(b);
  int place = quantised::extras;
  for (const Epilogue& e : b.o().epilogue) {
    if (&e == last_limit(b.o())) break;
    if (e.kind == Epilogue::act) {
      v = activated_steps(b, e.function, v.value());
      continue;
    }
    const Expr zero = b.constant(place), f = b.constant(place + 1);
    place += 2;
    const Expr x = strict_product(f, cast<float>(operands.of(e)) - zero);
    v = e.kind == Epilogue::scale ? Steps{v.value(), x} : Steps{strict_sum(v.value(), x), {}};
  }
  return to_steps(b, v);
}

/// An element in another dtype.
Expr converted(const Build& b, const Expr& element) {
  const DType to = b.o().to;
  Steps v{cast<float>(element), {}};
  if (has_constants(b.problem.dtype(), b.o()))
    v = {v.of - b.constant(quantised::in_zero), b.constant(quantised::factor)};
  return to == DType::i8 ? to_steps(b, v) : cast(Type(halide_type(to)), v.value());
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
