#include "suites/onnx/call.h"

#include <cmath>

#include "kernels/error.h"
#include "suites/onnx/names.h"

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

OnnxValue OnnxCall::value(std::size_t input, bool padded) const {
  if (!has(input)) throw data_error("found no input " + std::to_string(input) + "; allowed: one");
  const std::string& tensor = node.inputs[input];
  const auto it = import_.values.find(tensor);
  if (it == import_.values.end())
    throw data_error("input '" + safe_name(tensor) + "': found " +
                     (is_constant(input) ? "a constant" : "not the first output of its node") +
                     ", allowed what the network computes");
  if (it->second.is_padded() && !padded)
    throw data_error("found a Pad before it; allowed: before Conv and MaxPool");
  return it->second;
}

OnnxValue OnnxCall::map(std::size_t input, bool padded) const {
  const OnnxValue v = value(input, padded);
  if (v.axes.size() != 4 || !same_axes(v.axes, kMapAxes, shape(v.value)))
    throw data_error("found axes " + axes_text(v.axes) + ", allowed (n, c, h, w)");
  return v;
}

void OnnxCall::yield(OnnxValue value) {
  import_.values.insert_or_assign(node.outputs.front(), std::move(value));
}

void OnnxCall::yield(OnnxConstant c) {
  import_.model.add_constant(node.outputs.front(), std::move(c));
}

void OnnxCall::set_parameter(std::size_t index, std::size_t input, std::vector<float> values) {
  Graph& graph = builder().graph();
  Parameter& p = graph.parameters[builder().last().parameters.at(index)];
  if (static_cast<std::int64_t>(values.size()) != p.elements())
    throw data_error("'" + safe_name(node.inputs[input]) + "': found " +
                     std::to_string(values.size()) + " values, allowed " +
                     std::to_string(p.elements()));
  for (const float v : values)
    if (!std::isfinite(v))
      throw data_error("'" + safe_name(node.inputs[input]) + "': found " + std::to_string(v) +
                       ", allowed finite values");
  p.name = safe_name(node.inputs[input]);
  p.values = std::move(values);
}

}  // namespace halcyon
