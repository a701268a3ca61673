#include "suites/onnx/import.h"

#include <onnx/onnx-ml.pb.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "kernels/error.h"
#include "kernels/strict_json.h"
#include "suites/onnx/call.h"
#include "suites/onnx/folding.h"
#include "suites/onnx/names.h"
#include "suites/onnx/patterns.h"

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

Shape input_shape(const OnnxInput& input, int batch) {
  const std::vector<std::int64_t>& dims = input.dims;
  const std::string name = "input '" + safe_name(input.name) + "': ";
  if (dims.size() != 4 && dims.size() != 2)
    throw data_error(name + "found " + std::to_string(dims.size()) +
                     " dims, allowed 4 (N, C, H, W) or 2 (N, C)");
  const bool is_map = dims.size() == 4;
  const std::int64_t n = dims[0] == 0 ? batch : dims[0];
  if (batch != 1 && n != batch)
    throw data_error(name + "found a batch of " + std::to_string(n) + ", allowed: that alone");
  for (std::size_t i = 1; i < dims.size(); ++i)
    if (dims[i] < 1)
      throw data_error(name + "found dim " + std::to_string(i) +
                       " without a size, allowed a fixed one for all but the batch");
  return in_context(name.substr(0, name.size() - 2), [&] {
    return checked_shape(n, is_map ? dims[2] : 1, is_map ? dims[3] : 1, dims[1]);
  });
}

const OnnxOp& op_of(const OnnxNode& node, int opset) {
  std::string words;
  for (const auto* ops :
       {&onnx_dense_ops(), &onnx_spatial_ops(), &onnx_elementwise_ops(), &onnx_shape_ops()})
    for (const OnnxOp& op : *ops) {
      if (node.op == op.word) return op;
      words += (words.empty() ? "" : ", ") + std::string(op.word);
    }
  throw data_error("found an op of opset " + std::to_string(opset) +
                   " that is not supported; allowed: " + words);
}

void import_node(OnnxImport& import, const OnnxNode& node) {
  if (auto folded = fold(node, import.model)) {
    import.model.add_constant(node.outputs.front(), std::move(*folded));
    return;
  }
  import.builder.stage(node.stage);
  const OnnxOp& op = op_of(node, import.model.opset);
  OnnxCall call(import, node);
  op.import(call);
  // A pattern has read its nodes' attributes itself.
  if (node.op != "Act") call.attributes.finish();
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

/// The graph's value that is an output of the model, which says whether it is a map or flat.
int output_of(OnnxImport& import, const std::string& tensor) {
  const auto it = import.values.find(tensor);
  if (it == import.values.end()) throw data_error("found a constant, allowed a computed tensor");
  const OnnxValue& v = it->second;
  const Shape& shape = import.builder.shape(v.value);
  const bool is_flat = v.axes.size() == 2 && same_axes(v.axes, kFlatAxes, shape);
  const bool is_map = v.axes.size() == 4 && same_axes(v.axes, kMapAxes, shape);
  if (v.is_padded() || (!is_flat && !is_map))
    throw data_error("found axes " + axes_text(v.axes) + ", allowed (n, c, h, w) or (n, c)");
  import.builder.graph().values[v.value].flat = is_flat;
  return v.value;
}

Graph import_model(OnnxModel model, const std::string& path, int batch) {
  const OnnxInput input = input_of(model);
  const bool flat = input.dims.size() == 2;
  GraphBuilder builder(name_of(*model.proto, path), input_shape(input, batch),
                       safe_name(input.name));
  builder.graph().source = source_of(*model.proto, path);
  builder.graph().values[0].flat = flat;
  OnnxImport import{std::move(model), std::move(builder), {}};
  import.values[input.name] = {.value = 0, .axes = flat ? kFlatAxes : kMapAxes};
  const std::vector<OnnxNode> nodes = import.model.nodes;
  for (const OnnxNode& node : nodes)
    in_context("node '" + node.name + "' (" + safe_name(node.op) + ")",
               [&] { import_node(import, node); });
  std::vector<int> outputs;
  for (const std::string& tensor : import.model.outputs)
    outputs.push_back(in_context("output '" + safe_name(tensor) + "'",
                                 [&] { return output_of(import, tensor); }));
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
      return import_model(std::move(model), path, batch);
    });
  });
}

}  // namespace halcyon
