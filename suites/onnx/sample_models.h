#pragma once
// Graphs and ONNX models that tests of this folder make.
#include <gtest/gtest.h>
#include <onnx/onnx-ml.pb.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "suites/graph/builder.h"
#include "suites/graph/reference.h"

namespace halcyon {

/// Numbers that are the same everywhere (distributions of the standard library are not).
inline std::vector<double> sample_values(std::size_t size, double low, double high, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<double> values(size);
  for (double& v : values) v = low + (high - low) * static_cast<double>(engine() % 4096) / 4096;
  return values;
}

/// Gives every parameter without values some.
inline void fill_sample(Graph& graph, unsigned seed = 1) {
  for (Parameter& p : graph.parameters) {
    if (!p.values.empty()) continue;
    const bool positive = p.role == ParameterRole::variance || p.role == ParameterRole::norm_scale;
    const double reach = p.role == ParameterRole::weight
                             ? std::sqrt(3. * p.extents[0] / static_cast<double>(p.elements()))
                             : 1;
    p.values = Tensor::rounded(DType::f32, sample_values(p.elements(), positive ? 0.5 : -reach,
                                                         positive ? 1.5 : reach, ++seed));
  }
}

inline Tensor sample_input(const Graph& graph, unsigned seed = 7) {
  return Tensor::rounded(graph.input().dtype,
                         sample_values(graph.input().shape.elements(), -1, 1, seed));
}

/// The most that two results differ, over the range of the first; infinite when there is a NaN.
inline double error_over_range(const std::vector<double>& wanted,
                               const std::vector<double>& found) {
  if (wanted.size() != found.size()) return INFINITY;
  double most = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const double error = std::abs(wanted[i] - found[i]);
    if (!(error <= most)) most = std::isnan(error) ? INFINITY : error;
  }
  const auto [low, high] = std::minmax_element(wanted.begin(), wanted.end());
  return *high > *low ? most / (*high - *low) : most;
}

/// A graph with a node of every kind, every activation, and every op in more than one way; two
/// outputs, a map and a flat one.
inline Graph sample_graph() {
  GraphBuilder b("sample", {.n = 1, .h = 16, .w = 12, .c = 3}, "image");
  b.stage("stem");
  const Window lopsided{.kernel = 3, .stride = 2, .dilation = 1, .pad_lo = 0, .pad_hi = 1};
  int x = b.conv("stem.conv", 0, {8, lopsided, lopsided, 1, false});
  x = b.act("stem.act", b.batchnorm("stem.bn", x, 1e-3), Act::hardswish);  // 8x6x8
  b.stage("stage 0");
  int y = b.conv("a.dw", x, square(8, 3, 1, 8));
  y = b.act("a.gelu", b.conv("a.pw1", y, square(16, 1, 1, 2)), Act::gelu);
  y = b.channel_scale("a.scale", b.conv("a.pw2", y, square(8, 1, 1, 1, false)));
  x = b.add("a.add", x, y);
  const Window wide{.kernel = 5, .stride = 1, .dilation = 1, .pad_lo = 2, .pad_hi = 2};
  x = b.act("b.silu", b.conv("b.dw1x5", x, {8, {}, wide, 8, true}), Act::silu);
  Window spread{.kernel = 3, .stride = 1, .dilation = 2, .pad_lo = 2, .pad_hi = 2};
  x = b.act("b.relu", b.conv("b.dilated", x, {8, spread, spread, 4, true}), Act::relu);
  b.stage("se");
  int gate = b.act("se.relu6", b.conv("se.down", b.gap("se.gap", x), square(4, 1)), Act::relu6);
  gate = b.act("se.gate", b.conv("se.up", gate, square(8, 1)), Act::hardsigmoid);
  x = b.scale("se.scale", x, gate);
  b.stage("down");
  const Window pool{.kernel = 3, .stride = 1, .dilation = 1, .pad_lo = 1, .pad_hi = 1};
  x = b.s2d("s2d", b.maxpool("pool", x, pool, pool), 2);  // 4x3x32
  const int up = b.upsample2x("up", x);
  b.stage("attention");
  const int column = b.conv("attention.column", x, square(1, 1));
  const int sum = b.tokensum("attention.sum", x, column);
  x = b.batchnorm("attention.bn", b.scale("attention.scale", x, sum), 1e-5);
  b.stage("head");
  x = b.linear("head.fc1", b.gap("head.gap", x), 20);
  x = b.act("head.sigmoid", x, Act::sigmoid);
  x = b.channel_scale("head.scale", b.batchnorm("head.bn", x, 1e-5));
  x = b.linear("head.fc2", x, 10, false);
  Graph graph = b.finish({up, x});
  graph.source = "a sample";
  fill_sample(graph);
  return graph;
}

/// Makes an ONNX model node by node, as an exporter would; methods return the tensor they make.
class ModelMaker {
 public:
  using Dims = std::vector<std::int64_t>;
  using Names = std::vector<std::string>;

  explicit ModelMaker(const Dims& input = {1, 4, 6, 6}, int opset = 13) {
    model_.set_ir_version(8);
    model_.add_opset_import()->set_version(opset);
    model_.mutable_graph()->set_name("made");
    describe(model_.mutable_graph()->add_input(), "x", input);
  }

  onnx::ModelProto& model() { return model_; }
  onnx::GraphProto& graph() { return *model_.mutable_graph(); }
  onnx::NodeProto& last() { return *graph().mutable_node(graph().node_size() - 1); }

  std::string node(const std::string& op, const Names& inputs, int outputs = 1) {
    onnx::NodeProto& n = *graph().add_node();
    n.set_op_type(op);
    n.set_name(op + "_" + std::to_string(graph().node_size()));
    for (const std::string& input : inputs) n.add_input(input);
    for (int i = 0; i < outputs; ++i)
      n.add_output("t" + std::to_string(graph().node_size()) + (i ? "." + std::to_string(i) : ""));
    return n.output(0);
  }
  // Attributes of the last node.
  ModelMaker& with(const char* name, std::int64_t v) {
    attribute(name, onnx::AttributeProto::INT).set_i(v);
    return *this;
  }
  ModelMaker& with(const char* name, double v) {
    attribute(name, onnx::AttributeProto::FLOAT).set_f(v);
    return *this;
  }
  ModelMaker& with(const char* name, const char* v) {
    attribute(name, onnx::AttributeProto::STRING).set_s(v);
    return *this;
  }
  ModelMaker& with(const char* name, const Dims& v) {
    auto& a = attribute(name, onnx::AttributeProto::INTS);
    for (const std::int64_t i : v) a.add_ints(i);
    return *this;
  }

  static onnx::TensorProto tensor(const Dims& dims, const std::vector<double>& values) {
    onnx::TensorProto t;
    t.set_data_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t d : dims) t.add_dims(d);
    for (const double v : values) t.add_float_data(v);
    return t;
  }
  std::string initializer(onnx::TensorProto t) {
    const std::string name = "k" + std::to_string(graph().initializer_size());
    t.set_name(name);
    *graph().add_initializer() = std::move(t);
    return name;
  }
  std::string floats(const Dims& dims, const std::vector<double>& values) {
    return initializer(tensor(dims, values));
  }
  std::string random(const Dims& dims, double low = -1, double high = 1) {
    std::size_t size = 1;
    for (const std::int64_t d : dims) size *= static_cast<std::size_t>(d);
    return floats(dims, sample_values(size, low, high, 11 + graph().initializer_size()));
  }
  std::string integers(const Dims& values) {
    onnx::TensorProto t;
    t.set_data_type(onnx::TensorProto::INT64);
    t.add_dims(static_cast<std::int64_t>(values.size()));
    for (const std::int64_t v : values) t.add_int64_data(v);
    return initializer(t);
  }
  std::string scalar(double v) { return floats({}, {v}); }
  /// The same as a node, as PyTorch writes what is in a module's code.
  std::string constant(double v) {
    const std::string name = node("Constant", {});
    *attribute("value", onnx::AttributeProto::TENSOR).mutable_t() = tensor({}, {v});
    return name;
  }

  void output(const std::string& name) {
    describe(graph().add_output(), name, {});
    graph()
        .mutable_output(graph().output_size() - 1)
        ->mutable_type()
        ->mutable_tensor_type()
        ->clear_shape();
  }
  std::string bytes() const { return model_.SerializeAsString(); }
  /// Writes it, with this output when none was named.
  std::string save(const std::string& path, const std::string& result = "") {
    if (!result.empty()) output(result);
    std::ofstream(path, std::ios::binary) << bytes();
    return path;
  }

 private:
  static void describe(onnx::ValueInfoProto* info, const std::string& name, const Dims& dims) {
    info->set_name(name);
    auto& type = *info->mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    type.mutable_shape();
    for (const std::int64_t d : dims) {
      auto& dim = *type.mutable_shape()->add_dim();
      d > 0 ? dim.set_dim_value(d) : dim.set_dim_param("batch");
    }
  }
  onnx::AttributeProto& attribute(const char* name, onnx::AttributeProto::AttributeType type) {
    onnx::AttributeProto& a = *last().add_attribute();
    a.set_name(name);
    a.set_type(type);
    return a;
  }

  onnx::ModelProto model_;
};

}  // namespace halcyon
