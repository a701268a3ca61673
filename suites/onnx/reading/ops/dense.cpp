// Convolutions, linear layers and batch norm: what has weights.
#include <algorithm>
#include <limits>

#include "kernels/error.h"
#include "suites/onnx/reading/names.h"
#include "suites/onnx/reading/ops/windows.h"
#include "suites/onnx/weight_layout.h"

namespace halcyon {
namespace {

using Dims = std::vector<std::int64_t>;

/// A constant of FLOAT with this many dims.
OnnxConstant weights_of(const OnnxCall& call, std::size_t input, std::size_t rank) {
  OnnxConstant c = call.constant(input);
  if (c.is_integer || c.dims.size() != rank || elements_of(c.dims) == 0)
    throw data_error("weight '" + safe_name(call.node.inputs[input]) + "': found " +
                     dims_text(c.dims) + ", allowed FLOAT of " + std::to_string(rank) + " dims");
  return c;
}

int channels_of(std::int64_t extent) {
  if (extent > std::numeric_limits<int>::max())
    throw data_error("found " + std::to_string(extent) + " channels, allowed up to 2^31-1");
  return static_cast<int>(extent);
}

/// Steps of a weight, whose output channels come first, with a scale for each of them.
void set_weight_steps(OnnxCall& call, const OnnxConstant::InSteps& in_steps) {
  const Op& op = call.builder().last().op;
  std::vector<double> scales = in_steps.scales;
  if (scales.size() == 1) scales.assign(static_cast<std::size_t>(op.out.c), scales[0]);
  if (scales.size() == static_cast<std::size_t>(op.out.c) &&
      (in_steps.scales.size() == 1 || in_steps.axis == 0))
    call.set_steps(0, weight_from_onnx(op, in_steps.steps), std::move(scales));
}

/// Gives the builder's last node its weight, from ONNX's order, and its bias, if it has one.
void set_dense(OnnxCall& call, const OnnxConstant& weight, double alpha, double beta) {
  const Op& op = call.builder().last().op;
  if (weight.dims != onnx_weight_dims(op) && weight.dims.size() == 4)
    throw data_error("weight '" + safe_name(call.node.inputs[1]) + "': found " +
                     dims_text(weight.dims) + ", allowed " + dims_text(onnx_weight_dims(op)));
  Tensor values = weight_from_onnx(op, weight.values);
  transform(values, [&](double v, std::size_t) { return v * alpha; });
  call.set_parameter(0, 1, std::move(values));
  if (weight.in_steps && alpha == 1) set_weight_steps(call, *weight.in_steps);
  if (!call.has(2)) return;
  Tensor biases = call.constant(2).values;
  if (biases.size() == 1) biases = repeated(biases, static_cast<std::size_t>(op.out.c));
  transform(biases, [&](double v, std::size_t) { return v * beta; });
  call.set_parameter(1, 2, std::move(biases));
}

void import_conv(OnnxCall& call) {
  const OnnxValue x = call.map(0, TakesOver::padding);
  if (x.is_padded() && x.pad_value != 0)
    throw data_error("found a Pad of " + std::to_string(x.pad_value) + " before it, allowed of 0");
  const OnnxConstant weight = weights_of(call, 1, 4);
  const Dims kernel = pair_of(call, "kernel_shape", 1);
  const Dims of_weight = {weight.dims[2], weight.dims[3]};
  if (call.attributes.has("kernel_shape") && kernel != of_weight)
    throw data_error("attribute 'kernel_shape': found " + dims_text(kernel) + ", allowed " +
                     dims_text(of_weight) + ", the weight's");
  if (*std::max_element(of_weight.begin(), of_weight.end()) > kMostWindow)
    throw data_error("found a kernel of " + dims_text(of_weight) + ", allowed up to " +
                     std::to_string(kMostWindow));
  const std::int64_t groups = call.attributes.integer("group", 1);
  if (groups < 1 || groups > call.shape(x.value).c)
    throw data_error("attribute 'group': found " + std::to_string(groups) + ", allowed 1 to " +
                     std::to_string(call.shape(x.value).c));
  const auto [h, w] = windows_of(call, of_weight, x);
  const Convolution c{.channels = channels_of(weight.dims[0]),
                      .h = h,
                      .w = w,
                      .groups = static_cast<int>(groups),
                      .bias = call.has(2)};
  const int y = call.builder().conv(call.name(), x.value, c);
  set_dense(call, weight, 1, 1);
  call.yield(y);
}

/// (k, c) as (c, k).
OnnxConstant transposed(const OnnxConstant& m) {
  OnnxConstant out;
  out.dims = {m.dims[1], m.dims[0]};
  const auto ks = static_cast<std::size_t>(m.dims[0]), cs = static_cast<std::size_t>(m.dims[1]);
  const auto turned = [&](const Tensor& of) {
    return rearranged(of, of.size(), [&](auto move) {
      for (std::size_t c = 0; c < cs; ++c)
        for (std::size_t k = 0; k < ks; ++k) move(c * ks + k, k * cs + c);
    });
  };
  out.values = turned(m.values);
  if (m.in_steps)
    out.in_steps = {turned(m.in_steps->steps), m.in_steps->scales, 1 - m.in_steps->axis};
  return out;
}

void check_columns(std::int64_t found, int allowed) {
  if (found != allowed)
    throw data_error("found a weight for " + std::to_string(found) + " channels, allowed " +
                     std::to_string(allowed));
}

void import_gemm(OnnxCall& call) {
  const OnnxValue x = call.value(0);
  if (x.axes.size() != 2 || !same_axes(x.axes, kFlatAxes, call.shape(x.value)))
    throw data_error("found axes " + axes_text(x.axes) + ", allowed (n, c): of a map of 1x1");
  call.attributes.only("transA", 0);
  OnnxConstant weight = weights_of(call, 1, 2);
  if (call.attributes.integer("transB", 0) == 0) weight = transposed(weight);
  check_columns(weight.dims[1], call.shape(x.value).c);
  if (call.has(2)) {
    const OnnxConstant bias = call.constant(2);
    if (elements_of(bias.dims) != 1 && bias.dims.back() != weight.dims[0])
      throw data_error("bias of " + dims_text(bias.dims) + ", allowed (" +
                       std::to_string(weight.dims[0]) + ")");
  }
  const int y =
      call.builder().linear(call.name(), x.value, channels_of(weight.dims[0]), call.has(2));
  set_dense(call, weight, call.attributes.real("alpha", 1), call.attributes.real("beta", 1));
  call.yield(y, kFlatAxes);
}

/// A matrix product over the channels, which must come last: a linear layer, or a pointwise
/// convolution of a map.
void import_matmul(OnnxCall& call) {
  const OnnxValue x = call.value(0);
  const Shape in = call.shape(x.value);
  if (x.axes.size() < 2 || without_ones({x.axes.back()}, in) != without_ones({"c"}, in))
    throw data_error("found axes " + axes_text(x.axes) + ", allowed the channels last");
  const OnnxConstant weight = transposed(weights_of(call, 1, 2));
  check_columns(weight.dims[1], in.c);
  const int channels = channels_of(weight.dims[0]);
  const bool is_map = x.axes.size() > 2 || in.h > 1 || in.w > 1;
  const int y =
      is_map ? call.builder().conv(call.name(), x.value, square(channels, 1, 1, 1, call.has(2)))
             : call.builder().linear(call.name(), x.value, channels, call.has(2));
  set_dense(call, weight, 1, 1);
  OnnxAxes axes = x.axes;
  for (std::string& axis : axes) std::erase(axis, 'c');  // of extent 1 it may stand anywhere
  axes.back() = "c";
  call.yield(y, axes);
}

void import_batchnorm(OnnxCall& call) {
  const OnnxValue x = call.value(0);
  const Shape& in = call.shape(x.value);
  if (x.axes.size() < 2 || without_ones({x.axes[1]}, in) != without_ones({"c"}, in))
    throw data_error("found axes " + axes_text(x.axes) + ", allowed the channels second");
  call.attributes.only("training_mode", 0);
  call.attributes.ignore("momentum");
  const double eps = call.attributes.decimal("epsilon", 1e-5);
  const int y = call.builder().batchnorm(call.name(), x.value, eps);
  for (std::size_t i = 0; i < 4; ++i)
    call.set_parameter(i, i + 1, weights_of(call, i + 1, 1).values);
  const Node& node = call.builder().last();
  const Tensor& variances = call.builder().graph().parameters[node.parameters[3]].values;
  for (const double v : numbers_of<double>(variances))
    if (!(v + eps > 0))
      throw data_error("found variance " + std::to_string(v) + " with epsilon " +
                       std::to_string(eps) + ", allowed a positive sum");
  call.yield(y, x.axes);
}

}  // namespace

const std::vector<OnnxOp>& onnx_dense_ops() {
  static const std::vector<OnnxOp> ops = {{"BatchNormalization", import_batchnorm},
                                          {"Conv", import_conv},
                                          {"Gemm", import_gemm},
                                          {"MatMul", import_matmul}};
  return ops;
}

}  // namespace halcyon
