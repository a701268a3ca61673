#include "suites/onnx/reading/import.h"

#include <onnx/onnx-ml.pb.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <set>

#include "kernels/error.h"
#include "kernels/strict_json.h"
#include "suites/onnx/reading/call.h"
#include "suites/onnx/reading/folding.h"
#include "suites/onnx/reading/names.h"
#include "suites/onnx/reading/patterns.h"
#include "suites/onnx/reading/support.h"

namespace halcyon {
namespace {

/// What the ops of a file get wrong is the file's fault, whoever found it.
template <class Fn>
auto as_data_error(Fn&& fn) {
  try {
    return std::forward<Fn>(fn)();
  } catch (const Error& e) {
    throw Error(e.code == Exit::usage ? Exit::data : e.code, e.what());
  }
}

/// What the input's dims are.
OnnxAxes input_axes(const OnnxModel& model, const OnnxInput& input) {
  if (input.dims.size() == 2) return kFlatAxes;
  if (input.dims.size() == 4) return is_channels_last(model) ? kChannelsLastAxes : kMapAxes;
  throw data_error("input '" + safe_name(input.name) + "': found " +
                   std::to_string(input.dims.size()) + " dims, allowed 4 (N, C, H, W) or 2 (N, C)");
}

Shape input_shape(const OnnxInput& input, const OnnxAxes& axes, int batch) {
  const std::string name = "input '" + safe_name(input.name) + "'";
  return in_context(name, [&] {
    std::map<std::string, std::int64_t> extents = {{"h", 1}, {"w", 1}};
    for (std::size_t i = 0; i < axes.size(); ++i) {
      extents[axes[i]] = i == 0 && input.dims[0] == 0 ? batch : input.dims[i];
      if (i > 0 && input.dims[i] < 1)
        throw data_error("found dim " + std::to_string(i) +
                         " without a size, allowed a fixed one for all but the batch");
    }
    if (batch != 1 && extents["n"] != batch)
      throw data_error("found a batch of " + std::to_string(extents["n"]) +
                       ", allowed: that alone");
    return checked_shape(extents["n"], extents["h"], extents["w"], extents["c"]);
  });
}

void import_node(OnnxImport& import, const OnnxNode& node) {
  if (auto folded = fold(node, import.model)) {
    import.model.add_constant(node.outputs.front(), std::move(*folded));
    return;
  }
  import.builder.stage(node.stage);
  OnnxCall call(import, node);
  if (node.act) return import_activation(call);  // a pattern has read its attributes
  const OnnxOp* op = find_onnx_op(node.op);
  if (!op) throw data_error("found an input that is not the first output of its node");
  op->import(call);
  call.attributes.finish();
}

/// More would not fit into memory anywhere near, whatever is done with it.
void check_sizes(const Graph& graph) {
  for (const Value& v : graph.values)
    if (v.shape.elements() > std::numeric_limits<int>::max())
      throw data_error("a tensor of " + to_text(v.shape) + "; allowed: up to 2^31-1 elements");
}

std::string source_of(const onnx::ModelProto& model, const std::string& path) {
  if (model.producer_name() == "halcyon") return safe_text(model.doc_string());
  const std::string by = safe_name(model.producer_name()), v = safe_name(model.producer_version());
  return std::filesystem::path(path).filename().string() + (by.empty() ? "" : ", by " + by) +
         (by.empty() || v.empty() ? "" : " " + v);
}

/// Exporters name all graphs alike ("torch_jit"); the file's name says more.
std::string name_of(const onnx::ModelProto& model, const std::string& path) {
  const bool ours = model.producer_name() == "halcyon";
  return safe_name(ours ? model.graph().name() : std::filesystem::path(path).stem().string());
}

/// The value as one of its own, where the graph's input or another output is the same.
int copy_of(OnnxImport& import, const std::string& tensor, int value) {
  const int copy = import.builder.channel_scale(import.unique_name(safe_name(tensor)), value);
  Parameter& one = import.builder.graph().parameters.back();
  one.role = ParameterRole::constant;
  one.assign(1);
  return copy;
}

/// In which order a tensor has its elements: "nchw", without letters of extent 1.
std::string order_of(const OnnxAxes& axes, const Shape& shape) {
  std::string letters;
  for (const std::string& axis : without_ones(axes, shape)) letters += axis;
  return letters;
}

/// What a tensor of the model is to those who read it in the model's terms.
void describe(Value& value, const OnnxAxes& axes) {
  if (axes.empty()) throw data_error("found a scalar, allowed one dim or more");
  const std::string order = order_of(axes, value.shape);
  value.channels_last = order != order_of(kMapAxes, value.shape);
  if (value.channels_last && order != order_of(kChannelsLastAxes, value.shape))
    throw data_error("found axes " + axes_text(axes) +
                     ", allowed n, c, h, w or n, h, w, c in this order");
  value.flat = axes.size() == 2 && same_axes(axes, kFlatAxes, value.shape);
  const bool is_map = axes.size() == 4 && same_axes(axes, kMapAxes, value.shape);
  if (!value.flat && !is_map) value.dims = dims_of(axes, value.shape);
}

/// The graph's value that is an output of the model.
int output_of(OnnxImport& import, const std::string& tensor, std::set<int>& taken) {
  const auto it = import.values.find(tensor);
  if (it == import.values.end())
    throw data_error(
        std::string("found ") +
        (import.model.is_constant(tensor) ? "a constant" : "not the first output of its node") +
        ", allowed what the network computes");
  const OnnxValue& v = it->second;
  check_left_over(v, TakesOver::nothing);
  if (import.builder.graph().values[v.value].stored.is_rounded() && !v.is_rounded)
    throw data_error("found a tensor that is read quantised and as it is, allowed one of both");
  const int value = taken.insert(v.value).second ? v.value : copy_of(import, tensor, v.value);
  describe(import.builder.graph().values[value], v.axes);
  return value;
}

Graph import_model(OnnxModel model, const std::string& path, int batch) {
  const OnnxInput input = input_of(model);
  const OnnxAxes axes = input_axes(model, input);
  GraphBuilder builder(name_of(*model.proto, path), input_shape(input, axes, batch),
                       safe_name(input.name));
  builder.graph().source = source_of(*model.proto, path);
  describe(builder.graph().values[0], axes);
  OnnxImport import{std::move(model), std::move(builder), {}};
  import.values[input.name] = {.value = 0, .axes = axes};
  const std::vector<OnnxNode> nodes = import.model.nodes;
  for (const OnnxNode& node : nodes) import.names.insert(node.name);
  for (const OnnxNode& node : nodes)
    in_context("node '" + node.name + "' (" + safe_name(node.op) + ")",
               [&] { import_node(import, node); });
  std::vector<int> outputs;
  std::set<int> taken = {0};  // what a plan has a place for already: the input
  for (const std::string& tensor : import.model.outputs)
    outputs.push_back(in_context("output '" + safe_name(tensor) + "'",
                                 [&] { return output_of(import, tensor, taken); }));
  Graph graph = import.builder.finish(outputs);
  check_sizes(graph);
  return graph;
}

}  // namespace

Graph read_onnx(const std::string& path, int batch) {
  const std::string bytes = read_text_file(path, Exit::data, std::numeric_limits<int>::max());
  return in_context(path, [&] {
    return as_data_error([&] {
      const std::string folder = std::filesystem::path(path).parent_path().string();
      OnnxModel model = parse_model(bytes, folder.empty() ? "." : folder);
      fold_constants(model);
      find_patterns(model);
      check_support(model);
      return import_model(std::move(model), path, batch);
    });
  });
}

}  // namespace halcyon
