#include "suites/onnx/reading/call.h"

#include <algorithm>
#include <cmath>

#include "kernels/error.h"
#include "suites/onnx/reading/names.h"

namespace halcyon {

bool OnnxCall::is_constant(std::size_t input) const {
  return has(input) && import_.model.is_constant(node.inputs[input]);
}

OnnxConstant OnnxCall::constant(std::size_t input) const {
  if (!has(input)) throw data_error("found no input " + std::to_string(input) + "; allowed: one");
  if (!is_constant(input))
    throw data_error("input '" + safe_name(node.inputs[input]) +
                     "': found a computed tensor, allowed a constant");
  return import_.model.constant(node.inputs[input]);
}

std::vector<std::int64_t> OnnxCall::integers(std::size_t input) const {
  const OnnxConstant c = constant(input);
  if (!c.is_integer || c.dims.size() > 1)
    throw data_error("input '" + safe_name(node.inputs[input]) + "': allowed: a list of integers");
  return c.integers;
}

std::vector<std::int64_t> OnnxCall::integers(const char* attribute, std::size_t input) const {
  return has(input) ? integers(input) : attributes.integers(attribute);
}

void check_left_over(const OnnxValue& v, TakesOver taken) {
  if (v.is_padded() && taken != TakesOver::padding && taken != TakesOver::all)
    throw data_error(
        "found a Pad that no window takes over; allowed: right before Conv or MaxPool");
  if (v.weights && taken != TakesOver::weights && taken != TakesOver::all)
    throw data_error(
        "found a product with a weight for each pixel that no sum takes over; allowed: right "
        "before "
        "ReduceSum over height and width");
  if (v.in_steps && taken != TakesOver::steps && taken != TakesOver::all)
    throw data_error("found steps of QuantizeLinear; allowed: right before DequantizeLinear");
}

namespace {

/// Error when a value is read as it was computed, but is held in steps.
void check_rounded(const OnnxValue& v, const Stored& held) {
  if (held.is_rounded() && !v.is_rounded)
    throw data_error("found a tensor that is read quantised and as it is, allowed one of both");
}

}  // namespace

std::string OnnxImport::unique_name(const std::string& wanted) {
  std::string name = wanted;
  for (int& i = numbered[wanted]; name.empty() || !names.insert(name).second;)
    name = wanted + "." + std::to_string(++i + 1);
  return name;
}

OnnxValue OnnxCall::value(std::size_t input, TakesOver taken) const {
  if (!has(input)) throw data_error("found no input " + std::to_string(input) + "; allowed: one");
  const std::string& tensor = node.inputs[input];
  const auto it = import_.values.find(tensor);
  if (it == import_.values.end())
    throw data_error("input '" + safe_name(tensor) + "': found " +
                     (is_constant(input) ? "a constant" : "not the first output of its node") +
                     ", allowed what the network computes");
  check_left_over(it->second, taken);
  if (taken != TakesOver::steps && taken != TakesOver::rounding)
    check_rounded(it->second, import_.builder.graph().values[it->second.value].stored);
  return it->second;
}

OnnxValue OnnxCall::map(std::size_t input, TakesOver taken) const {
  const OnnxValue v = value(input, taken);
  if (v.axes.size() != 4 || !same_axes(v.axes, kMapAxes, shape(v.value)))
    throw data_error("found axes " + axes_text(v.axes) + ", allowed (n, c, h, w)");
  return v;
}

void OnnxCall::yield(OnnxValue value) {
  for (const std::string& input : node.inputs)  // as which it is seen in another form
    if (const auto it = import_.values.find(input);
        it != import_.values.end() && it->second.value == value.value)
      value.is_rounded = value.is_rounded || it->second.is_rounded;
  import_.values.insert_or_assign(node.outputs.front(), std::move(value));
}

void OnnxCall::yield(OnnxConstant c) {
  import_.model.add_constant(node.outputs.front(), std::move(c));
}

void OnnxCall::set_parameter(std::size_t index, std::size_t input, Tensor values) {
  Graph& graph = builder().graph();
  Parameter& p = graph.parameters[builder().last().parameters.at(index)];
  if (static_cast<std::int64_t>(values.size()) != p.elements())
    throw data_error("'" + safe_name(node.inputs[input]) + "': found " +
                     std::to_string(values.size()) + " values, allowed " +
                     std::to_string(p.elements()));
  for (const double v : numbers_of<double>(values))
    if (!std::isfinite(v))
      throw data_error("'" + safe_name(node.inputs[input]) + "': found " + std::to_string(v) +
                       ", allowed finite values");
  p.name = safe_name(node.inputs[input]);
  p.values = std::move(values);
}

void OnnxCall::set_steps(std::size_t index, Tensor steps, std::vector<double> scales) {
  Parameter& p = builder().graph().parameters[builder().last().parameters.at(index)];
  p.values = std::move(steps);
  p.scales = std::move(scales);
}

namespace {

/// Of all rooms, sorted by word.
const std::vector<OnnxOp>& onnx_ops() {
  static const std::vector<OnnxOp> all = [] {
    std::vector<OnnxOp> ops;
    for (const auto* some : {&onnx_dense_ops(), &onnx_spatial_ops(), &onnx_elementwise_ops(),
                             &onnx_shape_ops(), &onnx_quantised_ops()})
      ops.insert(ops.end(), some->begin(), some->end());
    std::sort(ops.begin(), ops.end(),
              [](const OnnxOp& a, const OnnxOp& b) { return std::string_view(a.word) < b.word; });
    return ops;
  }();
  return all;
}

}  // namespace

const OnnxOp* find_onnx_op(const std::string& word) {
  for (const OnnxOp& op : onnx_ops())
    if (word == op.word) return &op;
  return nullptr;
}

std::string onnx_op_words() {
  std::string words;
  for (const OnnxOp& op : onnx_ops()) words += (words.empty() ? "" : ", ") + std::string(op.word);
  return words;
}

}  // namespace halcyon
