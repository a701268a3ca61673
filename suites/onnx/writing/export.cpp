#include "suites/onnx/writing/export.h"

#include <onnx/onnx-ml.pb.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "kernels/error.h"
#include "results/files/atomic_file.h"
#include "suites/onnx/weight_layout.h"

namespace halcyon {
namespace {

constexpr int kOpset = 17;     // has HardSwish; PyTorch's default for long
constexpr int kIrVersion = 8;  // of ONNX 1.12, which brought that opset

using Names = std::vector<std::string>;
using Dims = std::vector<std::int64_t>;

void set(onnx::NodeProto& node, const char* name, std::int64_t value) {
  onnx::AttributeProto& a = *node.add_attribute();
  a.set_name(name);
  a.set_type(onnx::AttributeProto::INT);
  a.set_i(value);
}

void set(onnx::NodeProto& node, const char* name, double value) {
  onnx::AttributeProto& a = *node.add_attribute();
  a.set_name(name);
  a.set_type(onnx::AttributeProto::FLOAT);
  a.set_f(static_cast<float>(value));
}

void set(onnx::NodeProto& node, const char* name, const char* value) {
  onnx::AttributeProto& a = *node.add_attribute();
  a.set_name(name);
  a.set_type(onnx::AttributeProto::STRING);
  a.set_s(value);
}

void set(onnx::NodeProto& node, const char* name, const Dims& values) {
  onnx::AttributeProto& a = *node.add_attribute();
  a.set_name(name);
  a.set_type(onnx::AttributeProto::INTS);
  for (const std::int64_t v : values) a.add_ints(v);
}

void set_window(onnx::NodeProto& node, const Op& op) {
  set(node, "kernel_shape", Dims{op.h.kernel, op.w.kernel});
  set(node, "strides", Dims{op.h.stride, op.w.stride});
  set(node, "dilations", Dims{op.h.dilation, op.w.dilation});
  set(node, "pads", Dims{op.h.pad_lo, op.w.pad_lo, op.h.pad_hi, op.w.pad_hi});
}

/// A constant of the structure, the same for each channel.
bool is_one_number(const Parameter& p) {
  return p.role == ParameterRole::constant && with_values(p.values, [](auto values) {
           return std::count(values.begin(), values.end(), values.front()) ==
                  static_cast<std::ptrdiff_t>(values.size());
         });
}

onnx::TensorProto::DataType onnx_dtype(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return onnx::TensorProto::FLOAT;
    case DType::i8:
      return onnx::TensorProto::INT8;
    case DType::u8:
      return onnx::TensorProto::UINT8;
    case DType::i32:
      return onnx::TensorProto::INT32;
    default:
      no_values_of(dtype);
  }
}

/// Writes a graph node by node. A value is a tensor of one of two forms, NxCxHxW ("map") or NxC
/// ("flat"); where a node wants the other form than there is, a node in between gives it.
class OnnxWriter {
 public:
  explicit OnnxWriter(const Graph& graph) : graph_(graph), out_(*model_.mutable_graph()) {}

  onnx::ModelProto write() {
    model_.set_ir_version(kIrVersion);
    model_.set_producer_name("halcyon");
    model_.set_doc_string(graph_.source);
    model_.add_opset_import()->set_version(kOpset);
    out_.set_name(graph_.name);
    for (const Parameter& p : graph_.parameters) parameter_names_.push_back(unique(p.name));
    write_input(0);
    for (const int value : graph_.further_inputs) write_input(value);
    for (const Node& node : graph_.nodes) write_node(node);
    for (const int value : graph_.outputs) write_output(value);
    return std::move(model_);
  }

 private:
  static Dims dims_of(const Value& value) {
    const Shape& s = value.shape;
    return value.flat ? Dims{s.n, s.c} : Dims{s.n, s.c, s.h, s.w};
  }

  static void describe_tensor(onnx::ValueInfoProto& info, const std::string& name, DType dtype,
                              const Dims& dims) {
    info.set_name(name);
    auto& type = *info.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx_dtype(dtype));
    for (const std::int64_t d : dims) type.mutable_shape()->add_dim()->set_dim_value(d);
  }

  void write_input(int index) {
    const Value& value = graph_.values[index];
    const std::string name = unique(value.name);
    describe_tensor(*out_.add_input(), name, value.dtype, dims_of(value));
    tensors_[{index, value.flat}] = held(index, name, unique(name + ".rounded"));
  }

  void write_output(int index) {
    const Value& value = graph_.values[index];
    std::string name = tensor(index, value.flat);
    if (index == 0 || !output_names_.insert(name).second)
      name = add("Identity", unique(value.name + ".out"), {name});
    describe_tensor(*out_.add_output(), name, value.dtype, dims_of(value));
  }

  std::string unique(const std::string& wanted) {
    std::string name = wanted;
    for (int i = 2; name.empty() || !names_.insert(name).second; ++i)
      name = wanted + "." + std::to_string(i);
    return name;
  }

  /// A node that yields the tensor `output`, whose name it takes for now.
  onnx::NodeProto& node(const char* op, const Names& inputs, const std::string& output) {
    onnx::NodeProto& n = *out_.add_node();
    n.set_op_type(op);
    n.set_name(output);
    for (const std::string& input : inputs) n.add_input(input);
    n.add_output(output);
    return n;
  }
  std::string add(const char* op, const std::string& output, const Names& inputs) {
    node(op, inputs, output);
    return output;
  }

  /// The value's tensor in this form.
  std::string tensor(int value, bool flat) {
    if (const auto there = tensors_.find({value, flat}); there != tensors_.end())
      return there->second;
    const std::string from = tensors_.at({value, !flat});
    const std::string name = unique(from + (flat ? ".flat" : ".map"));
    if (flat)
      set(node("Flatten", {from}, name), "axis", std::int64_t{1});
    else
      node("Unsqueeze", {from, integers({2, 3})}, name);
    return tensors_[{value, flat}] = name;
  }

  std::string initializer(const std::string& name, const Dims& dims, const void* data,
                          std::size_t bytes, onnx::TensorProto::DataType type) {
    onnx::TensorProto& t = *out_.add_initializer();
    t.set_name(name);
    t.set_data_type(type);
    for (const std::int64_t d : dims) t.add_dims(d);
    t.set_raw_data(data, bytes);
    return name;
  }
  std::string constant(const std::string& name, const Dims& dims, TensorView v) {
    return initializer(name, dims, v.bytes.data(), v.bytes.size(), onnx_dtype(v.dtype));
  }
  static Tensor numbers(const std::vector<double>& values) {
    return Tensor::rounded(DType::f32, values);
  }
  /// A constant that nodes may share.
  std::string scalar(double value) {
    std::string& name = scalars_[value];
    if (name.empty())
      name = constant(unique("constant." + std::to_string(value)), {}, numbers({value}));
    return name;
  }
  std::string integers(const Dims& values) {
    std::string& name = integers_[values];
    if (name.empty())
      name = initializer(unique("axes"), {std::int64_t(values.size())}, values.data(),
                         values.size() * sizeof values[0], onnx::TensorProto::INT64);
    return name;
  }

  const Parameter& parameter(const Node& n, std::size_t index) const {
    const Parameter& p = graph_.parameters[n.parameters[index]];
    if (static_cast<std::int64_t>(p.values.size()) != p.elements())
      throw data_error("parameter '" + p.name + "' has " + std::to_string(p.values.size()) +
                       " values; allowed: " + std::to_string(p.elements()));
    return p;
  }
  std::string per_channel(const Node& n, std::size_t index) {
    const Parameter& p = parameter(n, index);
    return constant(parameter_names_[n.parameters[index]], {p.elements()}, p.values);
  }

  void write_node(const Node& n) {
    const bool flat =
        n.kind == NodeKind::op ? n.op.word() == "linear" : graph_.values[n.output].flat;
    Names inputs;
    for (const int value : n.inputs) inputs.push_back(tensor(value, flat));
    const std::string rounded = unique(graph_.values[n.output].name);
    const bool rounds = graph_.values[n.output].stored.is_rounded();
    const std::string output = rounds ? unique(rounded + ".exact") : rounded;
    write_node(n, flat, inputs, output);
    onnx::NodeProto& last = *out_.mutable_node(out_.node_size() - 1);
    last.set_name(n.name);
    if (!n.stage.empty()) last.set_doc_string(n.stage);
    tensors_[{n.output, flat}] = held(n.output, output, rounded);
  }

  /// The tensor `exact` of a value as it is held: `rounded` where that is in steps, by a pair of
  /// nodes.
  std::string held(int value, const std::string& exact, const std::string& rounded) {
    const Stored& stored = graph_.values[value].stored;
    if (!stored.is_rounded()) return exact;
    if (stored.dtype != DType::u8) no_values_of(stored.dtype);
    const std::string scale = scalar(stored.quantisation.scale),
                      zero = byte(stored.quantisation.zero);
    const std::string steps =
        add("QuantizeLinear", unique(rounded + ".steps"), {exact, scale, zero});
    node("DequantizeLinear", {steps, scale, zero}, rounded).set_name(unique(rounded + ".values"));
    return rounded;
  }

  std::string byte(double value) {
    std::string& name = bytes_[value];
    if (name.empty())
      name = constant(unique("zero." + std::to_string(static_cast<int>(value))), {},
                      Tensor::rounded(DType::u8, std::vector{value}));
    return name;
  }

  /// Steps of a constant whose first dim has a scale for each place, as what they stand for.
  std::string in_steps(const std::string& name, const Dims& dims, const Tensor& steps,
                       const std::vector<double>& scales) {
    const Dims places = {static_cast<std::int64_t>(scales.size())};
    const std::string of = constant(unique(name + ".steps"), dims, steps),
                      scale = constant(unique(name + ".scales"), places, numbers(scales)),
                      zero = constant(unique(name + ".zeros"), places,
                                      Tensor(steps.dtype(), scales.size()));
    set(node("DequantizeLinear", {of, scale, zero}, name), "axis", std::int64_t{0});
    return name;
  }

  void write_node(const Node& n, bool flat, const Names& inputs, const std::string& output) {
    switch (n.kind) {
      case NodeKind::op:
        return write_op(n, inputs, output);
      case NodeKind::act:
        return write_act(n.act, inputs.front(), output);
      case NodeKind::add:
        node("Add", inputs, output);
        return;
      case NodeKind::scale:
        node("Mul", inputs, output);
        return;
      case NodeKind::batchnorm: {
        Names all = inputs;
        for (std::size_t i = 0; i < n.parameters.size(); ++i) all.push_back(per_channel(n, i));
        set(node("BatchNormalization", all, output), "epsilon", n.eps);
        return;
      }
      case NodeKind::channel_scale: {
        const Parameter& p = parameter(n, 0);
        if (is_one_number(p)) {
          node("Mul",
               {inputs.front(),
                constant(parameter_names_[n.parameters[0]], {}, numbers({p.values.at(0)}))},
               output);
          return;
        }
        const Dims dims = flat ? Dims{p.elements()} : Dims{p.elements(), 1, 1};
        node("Mul", {inputs.front(), constant(parameter_names_[n.parameters[0]], dims, p.values)},
             output);
        return;
      }
    }
    throw Error(Exit::internal, "node '" + n.name + "' of no kind");
  }

  void write_act(Act act, const std::string& x, const std::string& y) {
    const auto inner = [&](const char* word) { return unique(y + "." + word); };
    switch (act) {
      case Act::relu:
        node("Relu", {x}, y);
        return;
      case Act::relu6:
        node("Clip", {x, scalar(0), scalar(6)}, y);
        return;
      case Act::hardswish:
        node("HardSwish", {x}, y);
        return;
      case Act::hardsigmoid: {
        onnx::NodeProto& n = node("HardSigmoid", {x}, y);
        set(n, "alpha", 1. / 6);
        set(n, "beta", .5);
        return;
      }
      case Act::sigmoid:
        node("Sigmoid", {x}, y);
        return;
      case Act::silu:
        node("Mul", {x, add("Sigmoid", inner("sigmoid"), {x})}, y);
        return;
      case Act::gelu: {
        const std::string scaled = add("Div", inner("div"), {x, scalar(std::sqrt(2.))});
        const std::string erf = add("Erf", inner("erf"), {scaled});
        const std::string sum = add("Add", inner("add"), {erf, scalar(1)});
        node("Mul", {add("Mul", inner("mul"), {x, sum}), scalar(.5)}, y);
        return;
      }
    }
    throw Error(Exit::internal, "an activation that is none");
  }

  void write_op(const Node& n, const Names& inputs, const std::string& output) {
    const std::string_view word = n.op.word();
    if (!onnx_weight_dims(n.op).empty()) return write_dense(n, inputs.front(), output);
    if (word == "gap") {
      node("GlobalAveragePool", inputs, output);
    } else if (word == "maxpool") {
      set_window(node("MaxPool", inputs, output), n.op);
    } else if (word == "s2d") {
      set(node("SpaceToDepth", inputs, output), "blocksize", std::int64_t{n.op.block});
    } else if (word == "upsample2x") {
      const std::string scales = unique(output + ".scales");
      onnx::NodeProto& resize = node(
          "Resize", {inputs.front(), "", constant(scales, {4}, numbers({1, 1, 2, 2}))}, output);
      set(resize, "mode", "linear");
      set(resize, "coordinate_transformation_mode", "half_pixel");
    } else if (word == "tokensum") {
      const std::string products = add("Mul", unique(output + ".mul"), inputs);
      set(node("ReduceSum", {products, integers({2, 3})}, output), "keepdims", std::int64_t{1});
    } else {
      throw Error(Exit::internal,
                  "node '" + n.name + "': '" + std::string(word) + "' has no form in ONNX");
    }
  }

  /// conv, dw, pw, linear.
  void write_dense(const Node& n, const std::string& input, const std::string& output) {
    const Parameter& weight = parameter(n, 0);
    const std::string& name = parameter_names_[n.parameters[0]];
    const Tensor values = weight_to_onnx(n.op, weight.values);
    Names inputs = {input, weight.is_quantised()
                               ? in_steps(name, onnx_weight_dims(n.op), values, weight.scales)
                               : constant(name, onnx_weight_dims(n.op), values)};
    if (n.has_bias()) inputs.push_back(bias(n, weight));
    if (n.op.word() == "linear") {
      set(node("Gemm", inputs, output), "transB", std::int64_t{1});
      return;
    }
    onnx::NodeProto& conv = node("Conv", inputs, output);
    set_window(conv, n.op);
    set(conv, "group", std::int64_t{n.op.word() == "dw" ? n.op.in.c : n.op.groups});
  }

  /// Beside a weight in steps in those of its sums.
  std::string bias(const Node& n, const Parameter& weight) {
    const Stored& in = graph_.values[n.inputs.front()].stored;
    if (!weight.is_quantised() || in.dtype != DType::u8) return per_channel(n, 1);
    const Parameter& b = parameter(n, 1);
    std::vector<double> scales = weight.scales, steps = b.numbers<double>();
    for (std::size_t c = 0; c < scales.size(); ++c) {
      scales[c] = static_cast<float>(scales[c] * in.quantisation.scale);
      steps[c] /= scales[c];
    }
    return in_steps(parameter_names_[n.parameters[1]], {b.elements()},
                    Tensor::rounded(DType::i32, steps), scales);
  }

  const Graph& graph_;
  onnx::ModelProto model_;
  onnx::GraphProto& out_;
  std::set<std::string> names_, output_names_;
  Names parameter_names_;                                // by parameter
  std::map<std::pair<int, bool>, std::string> tensors_;  // by value and form (flat?)
  std::map<double, std::string> scalars_, bytes_;
  std::map<Dims, std::string> integers_;
};

/// Protobuf's limit, less what nodes and names may take.
void check_size(const Graph& graph) {
  constexpr std::int64_t kMostBytes = (std::int64_t{1} << 31) - (std::int64_t{1} << 24);
  std::int64_t bytes = 0;
  for (const Parameter& p : graph.parameters) bytes += p.elements() * bytes_of(p.values.dtype());
  if (bytes > kMostBytes)
    throw data_error("parameters of " + std::to_string(bytes) +
                     " bytes; allowed in one ONNX file: " + std::to_string(kMostBytes));
}

}  // namespace

void write_onnx(const Graph& graph, const std::string& path) {
  const std::string bytes = in_context(path, [&] {
    check_size(graph);
    std::string serialized;
    if (!OnnxWriter(graph).write().SerializeToString(&serialized))
      throw data_error("the model does not fit into a protobuf of 2 GiB");
    return serialized;
  });
  write_file_atomically(path, bytes);
}

}  // namespace halcyon
