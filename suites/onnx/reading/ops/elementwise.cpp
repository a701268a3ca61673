// Activations, and Add, Sub, Mul, Div of what the network computes with another of its kind or with
// a constant per channel.
#include <cstdio>
#include <utility>

#include "kernels/error.h"
#include "suites/onnx/reading/call.h"
#include "suites/onnx/reading/names.h"

namespace halcyon {

void import_activation(OnnxCall& call) {
  const OnnxValue v = call.value(0);
  call.yield(call.builder().act(call.name(), v.value, *call.node.act), v.axes);
}

namespace {

/// A clamp or sigmoid that no activation of ours is, since no pattern has found one.
void refuse_act(OnnxCall&) {
  throw data_error(
      "found no activation that is known here, allowed relu, relu6, hardsigmoid (alpha 1/6, beta "
      "1/2), hardswish, sigmoid, silu, gelu");
}

std::string short_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

/// The numbers and words of such a node: "alpha 0.2, beta 0.5".
std::string form_of_act(const OnnxNode& node, const OnnxModel& model) {
  std::string form;
  const auto add = [&](const std::string& what) { form += (form.empty() ? "" : ", ") + what; };
  const OnnxAttributes a(*node.source);
  if (node.op == "HardSigmoid") {
    add("alpha " + short_text(a.real("alpha", .2f)));
    add("beta " + short_text(a.real("beta", .5f)));
  }
  if (node.op == "Gelu") add("approximate " + safe_name(a.text("approximate", "none")));
  const bool is_clip = node.op == "Clip";
  for (std::size_t i = is_clip ? 1 : 0; i < node.inputs.size(); ++i) {
    const std::string& tensor = node.inputs[i];
    if (tensor.empty() || !model.is_constant(tensor)) continue;
    const std::vector<std::int64_t> dims = model.constant_dims(tensor);
    std::string value = dims_text(dims);
    if (elements_of(dims) == 1)
      for (const double v : numbers_of<double>(model.constant(tensor).values))
        value = short_text(v);
    add(is_clip ? (i == 1 ? "min " : "max ") + value : "of " + value);
  }
  return form.empty() ? "of this form" : form;
}

/// The constant of input `input` as one value for each channel of `v`, whose axes it goes onto by
/// NumPy's broadcasting.
Tensor per_channel(const OnnxCall& call, const OnnxValue& v, std::size_t input) {
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
  return c.values.size() == 1 ? repeated(c.values, static_cast<std::size_t>(shape.c)) : c.values;
}

struct Operands {
  OnnxValue x;
  bool constant_is_first = false;
  Tensor constant;  // per channel
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
void yield_scaled(OnnxCall& call, const Operands& o, Tensor factors) {
  const std::size_t input = o.constant_is_first ? 0 : 1;
  const int y = call.builder().channel_scale(call.name(), o.x.value);
  if (call.constant(input).dims.empty())
    call.builder().graph().parameters.back().role = ParameterRole::constant;
  call.set_parameter(0, input, std::move(factors));
  call.yield(y, o.x.axes);
}

/// factor * x + constant: a batch norm without statistics, which the graph has a node for.
void yield_shifted(OnnxCall& call, const Operands& o, double factor, Tensor shifts) {
  const int y = call.builder().batchnorm(call.name(), o.x.value, 0);
  const std::vector<int> all = call.builder().last().parameters;
  std::vector<Parameter>& parameters = call.builder().graph().parameters;
  parameters[all[0]].assign(factor);
  parameters[all[0]].role = ParameterRole::constant;
  call.set_parameter(1, !o.constant_is_first, std::move(shifts));
  parameters[all[2]].assign(0);
  parameters[all[3]].assign(1);
  call.yield(y, o.x.axes);
}

Tensor mapped(Tensor values, double (*f)(double)) {
  transform(values, [&](double v, std::size_t) { return f(v); });
  return values;
}
double negative(double v) { return -v; }
double inverse(double v) { return 1 / v; }

OnnxValue added(OnnxCall& call, const std::string& name, const OnnxValue& a, const OnnxValue& b) {
  if (a.axes.size() != b.axes.size() || call.shape(a.value) != call.shape(b.value) ||
      !same_axes(a.axes, b.axes, call.shape(a.value)))
    throw data_error("found " + dims_text(dims_of(a.axes, call.shape(a.value))) + " and " +
                     dims_text(dims_of(b.axes, call.shape(b.value))) +
                     ", allowed tensors of one shape, or a constant per channel");
  return {call.builder().add(name, a.value, b.value), a.axes};
}

void import_add(OnnxCall& call) {
  if (has_constant(call)) {
    const Operands o = with_constant(call);
    return yield_shifted(call, o, 1, o.constant);
  }
  call.yield(added(call, call.name(), call.value(0), call.value(1)));
}

/// Of any number of tensors.
void import_sum_of_all(OnnxCall& call) {
  const std::size_t terms = call.node.inputs.size();
  if (terms == 2) return import_add(call);
  OnnxValue sum = call.value(0);
  for (std::size_t i = 1; i < terms; ++i) {
    const std::string name = i + 1 < terms ? call.part("sum") : call.name();
    sum = added(call, name, sum, call.value(i));
  }
  call.yield(sum);
}

void import_sub(OnnxCall& call) {
  if (!has_constant(call))
    throw data_error("found two computed tensors, allowed one and a constant per channel");
  const Operands o = with_constant(call);
  if (o.constant_is_first) return yield_shifted(call, o, -1, o.constant);
  yield_shifted(call, o, 1, mapped(o.constant, negative));
}

bool is_gate(const Shape& gate, const Shape& x) {
  return gate.h == 1 && gate.w == 1 && gate.c == x.c && gate.n == x.n;
}

/// One value for each pixel, all its channels.
bool is_weights(const Shape& weights, const Shape& x) {
  return weights.c == 1 && weights.n == x.n && weights.h == x.h && weights.w == x.w;
}

void import_mul(OnnxCall& call) {
  if (has_constant(call)) {
    const Operands o = with_constant(call);
    return yield_scaled(call, o, o.constant);
  }
  const OnnxValue a = call.value(0), b = call.value(1);
  const auto fits = [&](auto is_of, const OnnxValue& small, const OnnxValue& x) {
    const Shape &of_small = call.shape(small.value), &of_x = call.shape(x.value);
    return is_of(of_small, of_x) && broadcasts(x.axes, of_x, small.axes, of_small);
  };
  for (const auto& [x, gate] : {std::pair(a, b), std::pair(b, a)})
    if (fits(is_gate, gate, x))
      return call.yield(call.builder().scale(call.name(), x.value, gate.value), x.axes);
  for (auto [x, weights] : {std::pair(a, b), std::pair(b, a)})
    if (fits(is_weights, weights, x)) {
      x.weights = weights.value;
      return call.yield(x);
    }
  throw data_error("found " + dims_text(dims_of(a.axes, call.shape(a.value))) + " times " +
                   dims_text(dims_of(b.axes, call.shape(b.value))) +
                   ", allowed a map times one value for each channel, or for each pixel before "
                   "ReduceSum");
}

void import_div(OnnxCall& call) {
  if (!has_constant(call) || call.is_constant(0))
    throw data_error("found a computed divisor, allowed a constant per channel");
  const Operands o = with_constant(call);
  yield_scaled(call, o, mapped(o.constant, inverse));
}

}  // namespace

const std::vector<OnnxOp>& onnx_elementwise_ops() {
  static const std::vector<OnnxOp> ops = {{"Add", import_add},
                                          {"Clip", refuse_act, form_of_act},
                                          {"Div", import_div},
                                          {"Gelu", refuse_act, form_of_act},
                                          {"HardSigmoid", refuse_act, form_of_act},
                                          {"HardSwish", refuse_act, form_of_act},
                                          {"Max", refuse_act, form_of_act},
                                          {"Min", refuse_act, form_of_act},
                                          {"Mul", import_mul},
                                          {"Relu", refuse_act, form_of_act},
                                          {"Sigmoid", refuse_act, form_of_act},
                                          {"Sub", import_sub},
                                          {"Sum", import_sum_of_all}};
  return ops;
}

}  // namespace halcyon
