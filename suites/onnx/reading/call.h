#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "suites/graph/builder.h"
#include "suites/onnx/reading/attributes.h"
#include "suites/onnx/reading/axes.h"
#include "suites/onnx/reading/model.h"

namespace halcyon {

/// A tensor of the model that the graph computes. What the graph has no node for by itself is left
/// to the op behind it: padding to a window op, a product with a weight for each pixel to a sum.
struct OnnxValue {
  int value = 0;  // of the graph
  OnnxAxes axes;
  int top = 0, left = 0, bottom = 0, right = 0;  // rows and columns of `pad_value` around it
  double pad_value = 0;
  std::optional<int> weights;            // a value of the graph with one channel
  std::optional<Quantisation> in_steps;  // what QuantizeLinear made of it
  bool is_rounded = false;               // as the graph's value is held: by DequantizeLinear
  bool is_padded() const { return top + left + bottom + right > 0; }
};

/// What an op takes over from the one before it.
enum class TakesOver { nothing, padding, weights, steps, rounding, all };
/// Error when the value has something left over that is not taken over.
void check_left_over(const OnnxValue&, TakesOver);

/// A model on its way into a graph.
struct OnnxImport {
  OnnxModel model;
  GraphBuilder builder;
  std::map<std::string, OnnxValue> values;  // by tensor

  /// `wanted`, with a number behind it where a node has that name.
  std::string unique_name(const std::string& wanted);
  std::set<std::string> names = {};          // of the model's nodes and of those made beside them
  std::map<std::string, int> numbered = {};  // the last number behind each
};

/// One node on its way into the graph: what a handler of ops sees. Errors are data errors without
/// the node's name, which the caller adds.
class OnnxCall {
 public:
  OnnxCall(OnnxImport& import, const OnnxNode& of)
      : node(of), attributes(*of.source), import_(import) {}

  const OnnxNode& node;
  const OnnxAttributes attributes;
  const std::string& name() const { return node.name; }
  /// The name of one more node of the graph for this node of the model.
  std::string part(const std::string& suffix) { return import_.unique_name(name() + "." + suffix); }
  int opset() const { return import_.model.opset; }
  GraphBuilder& builder() { return import_.builder; }
  const Shape& shape(int value) const { return import_.builder.shape(value); }

  bool has(std::size_t input) const {
    return input < node.inputs.size() && !node.inputs[input].empty();
  }
  bool is_constant(std::size_t input) const;
  OnnxConstant constant(std::size_t input) const;  // Error when it is computed
  /// Integers of a constant of at most one dim.
  std::vector<std::int64_t> integers(std::size_t input) const;
  /// `name` by attribute or, since some opset, by input; none when there is neither.
  std::vector<std::int64_t> integers(const char* name, std::size_t input) const;

  /// A tensor that the graph computes; Error when it is constant, or has something left over that
  /// is not taken over.
  OnnxValue value(std::size_t input, TakesOver = TakesOver::nothing) const;
  /// The same as a map: its axes must be those of NCHW. Error when not.
  OnnxValue map(std::size_t input, TakesOver = TakesOver::nothing) const;

  /// What the node's first output is; none of its others can be read.
  void yield(int value, OnnxAxes axes = kMapAxes) { yield(OnnxValue{value, std::move(axes)}); }
  void yield(OnnxValue);
  void yield(OnnxConstant);

  /// Gives parameter `index` of the builder's last node its values and the name of the tensor that
  /// they are from. Error when there are more or fewer than it has, or one is not finite: what is
  /// computed with it could not be checked.
  void set_parameter(std::size_t index, std::size_t input, Tensor values);
  /// The same of a parameter that has its values: what they are in steps, of scales for each output
  /// channel.
  void set_steps(std::size_t index, Tensor steps, std::vector<double> scales);

 private:
  OnnxImport& import_;
};

/// Turns the nodes of one op into the graph's.
struct OnnxOp {
  const char* word;
  void (*import)(OnnxCall&);
  /// What of a node's form no graph can have, whatever it reads: "mode nearest"; empty when there
  /// is nothing. Null: nothing ever.
  std::string (*unknown_form)(const OnnxNode&, const OnnxModel&) = nullptr;
};
/// Null when there is none.
const OnnxOp* find_onnx_op(const std::string& word);
std::string onnx_op_words();  // "Add, AveragePool, ...": what a file may have
const std::vector<OnnxOp>& onnx_dense_ops();
const std::vector<OnnxOp>& onnx_spatial_ops();
const std::vector<OnnxOp>& onnx_elementwise_ops();
const std::vector<OnnxOp>& onnx_shape_ops();
const std::vector<OnnxOp>& onnx_quantised_ops();
/// Of a node that a pattern found to be an activation.
void import_activation(OnnxCall&);

}  // namespace halcyon
