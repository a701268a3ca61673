#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/oracle/tensor.h"
#include "kernels/problem/op.h"
#include "kernels/problem/quantisation.h"

namespace halcyon {

/// How a value is held between nodes: whoever reads it reads it rounded to that. f32: as it was
/// computed; u8: in steps.
struct Stored {
  DType dtype = DType::f32;
  Quantisation quantisation = {};
  bool only_clamps = false;  // to the range of its steps, and rounds to none: for comparison alone
  bool operator==(const Stored&) const = default;
  bool is_rounded() const { return dtype != DType::f32; }
  double rounded(double) const;
  /// What the arithmetic of a problem is called that reads it: i8 where it is u8.
  DType problem_dtype() const { return dtype == DType::u8 ? DType::i8 : dtype; }
};

/// A tensor that flows between nodes: NHWC. What a source calls (N, C) is Nx1x1xC.
struct Value {
  std::string name;
  Shape shape;
  bool flat = false;  // its source has (N, C), not NxCx1x1: a linear layer's, and what follows it
  bool channels_last = false;      // its source has it in the order N, H, W, C, not N, C, H, W
  std::vector<std::int64_t> dims;  // as its source has it; none: (N, C) or (N, C, H, W)
  DType dtype = DType::f32;        // that an input is given in, or an output taken
  Stored stored = {};              // what nodes read of it
};

/// As its source has it, outermost first.
std::vector<std::int64_t> source_dims(const Value&);

/// What a parameter is for. Batch norm's mean and variance are statistics, which every framework
/// leaves out of its count; a constant is a number of the structure, such as 1 / sqrt(C).
enum class ParameterRole {
  weight,
  bias,
  norm_scale,
  norm_shift,
  mean,
  variance,
  channel_scale,
  constant
};
inline bool is_counted(ParameterRole role) {
  return role != ParameterRole::mean && role != ParameterRole::variance &&
         role != ParameterRole::constant;
}

/// Constant values that one node reads; never shared, so that folding can change them.
struct Parameter {
  std::string name;  // as the source has it: "stages.0.1.conv.weight"
  ParameterRole role = ParameterRole::weight;
  std::vector<int> extents;  // innermost first. A weight's are those of the op's TensorSpec: c
                             // (out), k (in), kx, ky of conv; c, kx, ky of dw; c, k of pw, linear.
                             // All others: (c)
  Tensor values;             // empty until seeded or read
  std::vector<double> scales = {};  // of a weight in i8: what a step of each output channel, the
                                    // innermost axis, is worth
  std::int64_t elements() const;
  bool is_quantised() const { return !scales.empty(); }
  /// The numbers that they stand for.
  template <class T>
  std::vector<T> numbers() const;
  /// Gives all elements this value.
  void assign(double value);
};

template <class T>
std::vector<T> Parameter::numbers() const {
  std::vector<T> all = numbers_of<T>(values);
  for (std::size_t i = 0; !scales.empty() && i < all.size(); ++i)
    all[i] = static_cast<T>(all[i] * scales[i % scales.size()]);
  return all;
}

/// What a node does. `op`: an Op of one word, without epilogue. `act`, `add`, `scale` stand alone
/// here, as in the source; passes fuse them. `batchnorm`: (x - mean) / sqrt(variance + eps) *
/// scale + shift, per channel. `channel_scale`: times a constant per channel (layer scale).
enum class NodeKind { op, act, add, scale, batchnorm, channel_scale };

/// One step of a graph, unfolded as in its source.
struct Node {
  std::string name;   // unique: "stages.0.1.dw"
  std::string stage;  // what it is counted under: "stem", "stage 0", "head"
  NodeKind kind = NodeKind::op;
  Op op;                    // of kind op: kind, attributes, in and out resolved
  Act act = Act::relu;      // of kind act
  double eps = 1e-5;        // of kind batchnorm
  std::vector<int> inputs;  // values; add: two of one shape; scale: a map, then Nx1x1xC; tokensum:
                            // a map, then its weights NxHxWx1
  int output = -1;          // value
  std::vector<int> parameters;  // op: weight[, bias]; a bias that is not there is zero and no
                                // parameter. batchnorm: scale, shift, mean, variance.
                                // channel_scale: one
  bool functional = false;      // the source calls a function here: tools that watch its modules do
                                // not see it
  bool has_bias() const { return kind == NodeKind::op && parameters.size() == 2; }
};

/// A network, unfolded, as its source has it: what is counted, exported and trusted as the
/// reference.
struct Graph {
  std::string name;
  std::string source;         // where its structure comes from
  std::vector<Value> values;  // the first is the input
  std::vector<Node> nodes;    // each after those that it reads
  std::vector<Parameter> parameters;
  std::vector<int> outputs;         // values, in the source's order
  std::vector<int> further_inputs;  // values that nobody computes; of a problem as a graph: what is
                                    // planned and run has none
  std::int64_t idle_parameters = 0;  // built by the source and never used: counted by frameworks
  const Value& input() const { return values.front(); }
  const Shape& shape_of(int value) const { return values[value].shape; }
  /// The nodes that read a value, in order.
  std::vector<int> readers(int value) const;
};

/// Whether it is the op of that word; whether it is a factor and a shift per channel (batch norm,
/// channel scale).
bool is_word(const Node&, std::string_view word);
bool is_affine(const Node&);

/// Whether any value is held in less than f32.
bool is_rounded(const Graph&);
/// The dtype that most of its arithmetic is of: i8 of a quantised network.
DType dtype_of(const Graph&);

/// Multiply-accumulates of conv, dw, pw and linear nodes; bias not counted.
std::int64_t macs_of(const Node&);
std::int64_t macs_of(const Graph&);
/// Weights, biases, batch norm's scale and shift, channel scales; of used nodes.
std::int64_t parameters_of(const Graph&);

/// Gives every parameter without values seeded ones: weights for the input that they will see, what
/// a residual adds small, and batch norm's mean and variance those of N(0, 1) images, as a training
/// would leave them. With other statistics activations drift to where errors of a kernel do not
/// show. For that the graph is run in double on a few images, of its own resolution, since padding
/// counts: 2, and more where the smallest map has few pixels, on all cores. Statistics are rounded
/// to a few bits: the same on every machine, and for every batch.
void seed_parameters(Graph&, std::uint64_t seed);

}  // namespace halcyon
