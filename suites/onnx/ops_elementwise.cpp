// Activations, and Add, Sub, Mul, Div of what the network computes with another of its kind or with
// a constant per channel.
#include <functional>

#include "kernels/error.h"
#include "suites/onnx/call.h"

namespace halcyon {
namespace {

void import_act(OnnxCall& call) {
  const OnnxValue v = call.value(0);
  call.yield(call.builder().act(call.name(), v.value, call.node.act), v.axes);
}

/// A clamp or sigmoid that no activation of ours is.
void refuse_act(OnnxCall&) {
  throw data_error(
      "found bounds or factors of no activation known here, allowed relu, relu6, hardsigmoid "
      "(alpha 1/6, beta 1/2), hardswish, sigmoid, silu, gelu");
}

/// The constant of input `input` as one value for each channel of `v`, whose axes it goes onto by
/// NumPy's broadcasting.
std::vector<float> per_channel(const OnnxCall& call, const OnnxValue& v, std::size_t input) {
  const OnnxConstant c = call.constant(input);
  const Shape& shape = call.shape(v.value);
  const OnnxAxes axes = without_ones(v.axes, shape);
  bool fits = !c.is_integer && c.dims.size() <= axes.size() && elements_of(c.dims) > 0;
  for (std::size_t i = 1; fits && i <= c.dims.size(); ++i)
    fits = c.dims[c.dims.size() - i] == 1 ||
           (axes[axes.size() - i] == "c" && c.dims[c.dims.size() - i] == shape.c);
  if (!fits)
    throw data_error("found a constant of " + dims_text(c.dims) + " with " + axes_text(v.axes) +
                     " of " + dims_text(dims_of(v.axes, shape)) +
                     ", allowed one value, or one for each channel");
  return c.floats.size() == 1 ? std::vector<float>(shape.c, c.floats[0]) : c.floats;
}

struct Operands {
  OnnxValue x;
  bool constant_is_first = false;
  std::vector<float> constant;  // per channel
};

/// What an op computes with a constant.
Operands with_constant(const OnnxCall& call) {
  Operands o;
  o.constant_is_first = call.is_constant(0);
  o.x = call.value(o.constant_is_first);
  o.constant = per_channel(call, o.x, !o.constant_is_first);
  return o;
}

bool has_constant(const OnnxCall& call) {
  if (!call.has(1)) throw data_error("found one input, allowed two");
  return call.is_constant(0) || call.is_constant(1);
}

/// A single number is one of the structure, not a parameter for each channel.
void yield_scaled(OnnxCall& call, const Operands& o, std::vector<float> factors) {
  const std::size_t input = o.constant_is_first ? 0 : 1;
  const int y = call.builder().channel_scale(call.name(), o.x.value);
  if (call.constant(input).dims.empty())
    call.builder().graph().parameters.back().role = ParameterRole::constant;
  call.set_parameter(0, input, std::move(factors));
  call.yield(y, o.x.axes);
}

/// factor * x + constant: a batch norm without statistics, which the graph has a node for.
void yield_shifted(OnnxCall& call, const Operands& o, float factor, std::vector<float> shifts) {
  const int y = call.builder().batchnorm(call.name(), o.x.value, 0);
  const std::vector<int> all = call.builder().last().parameters;
  const std::size_t channels = shifts.size();
  std::vector<Parameter>& parameters = call.builder().graph().parameters;
  parameters[all[0]].values.assign(channels, factor);
  parameters[all[0]].role = ParameterRole::constant;
  call.set_parameter(1, !o.constant_is_first, std::move(shifts));
  parameters[all[2]].values.assign(channels, 0);
  parameters[all[3]].values.assign(channels, 1);
  call.yield(y, o.x.axes);
}

std::vector<float> mapped(std::vector<float> values, float (*f)(float)) {
  for (float& v : values) v = f(v);
  return values;
}
float negative(float v) { return -v; }
float inverse(float v) { return 1 / v; }

void import_add(OnnxCall& call) {
  if (has_constant(call)) {
    const Operands o = with_constant(call);
    return yield_shifted(call, o, 1, o.constant);
  }
  const OnnxValue a = call.value(0), b = call.value(1);
  if (a.axes.size() != b.axes.size() || call.shape(a.value) != call.shape(b.value) ||
      !same_axes(a.axes, b.axes, call.shape(a.value)))
    throw data_error("found " + dims_text(dims_of(a.axes, call.shape(a.value))) + " and " +
                     dims_text(dims_of(b.axes, call.shape(b.value))) +
                     ", allowed tensors of one shape, or a constant per channel");
  call.yield(call.builder().add(call.name(), a.value, b.value), a.axes);
}

void import_sub(OnnxCall& call) {
  if (!has_constant(call))
    throw data_error("found two computed tensors, allowed one and a constant per channel");
  const Operands o = with_constant(call);
  if (o.constant_is_first) return yield_shifted(call, o, -1, o.constant);
  yield_shifted(call, o, 1, mapped(o.constant, negative));
}

void import_mul(OnnxCall& call) {
  if (has_constant(call)) {
    const Operands o = with_constant(call);
    return yield_scaled(call, o, o.constant);
  }
  OnnxValue x = call.value(0), gate = call.value(1);
  const auto is_gate = [&](const OnnxValue& v) {
    return call.shape(v.value).h == 1 && call.shape(v.value).w == 1;
  };
  if (!is_gate(gate) || gate.axes.size() > x.axes.size()) std::swap(x, gate);
  const Shape &of_x = call.shape(x.value), &of_gate = call.shape(gate.value);
  if (!is_gate(gate) || of_gate.c != of_x.c || of_gate.n != of_x.n ||
      !broadcasts(x.axes, of_x, gate.axes, of_gate))
    throw data_error("found " + dims_text(dims_of(x.axes, of_x)) + " times " +
                     dims_text(dims_of(gate.axes, of_gate)) +
                     ", allowed a map times one value for each channel");
  call.yield(call.builder().scale(call.name(), x.value, gate.value), x.axes);
}

void import_div(OnnxCall& call) {
  if (!has_constant(call) || call.is_constant(0))
    throw data_error("found a computed divisor, allowed a constant per channel");
  const Operands o = with_constant(call);
  yield_scaled(call, o, mapped(o.constant, inverse));
}

}  // namespace

const std::vector<OnnxOp>& onnx_elementwise_ops() {
  static const std::vector<OnnxOp> ops = {
      {"Act", import_act},       {"Add", import_add},  {"Clip", refuse_act},
      {"Div", import_div},       {"Gelu", refuse_act}, {"HardSigmoid", refuse_act},
      {"HardSwish", refuse_act}, {"Max", refuse_act},  {"Min", refuse_act},
      {"Mul", import_mul},       {"Relu", refuse_act}, {"Sigmoid", refuse_act},
      {"Sub", import_sub}};
  return ops;
}

}  // namespace halcyon
