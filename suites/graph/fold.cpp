#include "suites/graph/fold.h"

#include <algorithm>
#include <cmath>

#include "kernels/error.h"

namespace halcyon {
namespace {

/// y = factor * x + shift, per channel.
struct Affine {
  std::vector<double> factor, shift;
};

bool has_weights(const Node& node) { return node.kind == NodeKind::op && !node.parameters.empty(); }
bool is_padded(const Op& op) { return op.h.pad_lo || op.h.pad_hi || op.w.pad_lo || op.w.pad_hi; }

class Folder {
 public:
  explicit Folder(Graph graph) : graph_(std::move(graph)) {}

  Graph operator()() {
    for (std::size_t i = 0; i < graph_.nodes.size();)
      if (!is_affine(graph_.nodes[i]) || !dissolve(i)) ++i;
    return std::move(graph_);
  }

 private:
  /// Takes the affine node away; false when it stays, as a depthwise 1x1.
  bool dissolve(std::size_t index) {
    Node& node = graph_.nodes[index];
    const Affine affine = affine_of(node);
    Node* before = writer_of(node.inputs.front());
    if (before && takes_factors(*before) && is_private(node.inputs.front())) {
      fold_backward(*before, affine);
      before->output = node.output;
      erase(index);
      return true;
    }
    if (Node* behind = taker_of(node.output)) {
      fold_forward(*behind, affine);
      // What an average on the way gives is no longer the source's value.
      for (const Node* n = &node; (n = &graph_.nodes[graph_.readers(n->output).front()]) != behind;)
        graph_.values[n->output].name += ":before:" + node.name;
      const int from = node.output, to = node.inputs.front();
      for (Node& n : graph_.nodes) std::replace(n.inputs.begin(), n.inputs.end(), from, to);
      erase(index);
      return true;
    }
    become_depthwise(node, affine);
    return false;
  }

  Affine affine_of(const Node& node) const {
    Affine a;
    const std::size_t channels = graph_.shape_of(node.output).c;
    const auto value = [&](std::size_t parameter, std::size_t c) -> double {
      return graph_.parameters[node.parameters[parameter]].values.at(c);
    };
    for (std::size_t c = 0; c < channels; ++c) {
      if (node.kind == NodeKind::channel_scale) {
        a.factor.push_back(value(0, c));
        a.shift.push_back(0);
        continue;
      }
      a.factor.push_back(value(0, c) / std::sqrt(value(3, c) + node.eps));
      a.shift.push_back(value(1, c) - value(2, c) * a.factor.back());
    }
    return a;
  }

  Node* writer_of(int value) {
    for (Node& node : graph_.nodes)
      if (node.output == value) return &node;
    return nullptr;
  }

  /// Weights that are steps already stay as they are.
  bool takes_factors(const Node& node) const {
    return has_weights(node) && !graph_.parameters[node.parameters[0]].is_quantised();
  }

  /// Read by one node, as it was computed, and by nobody outside.
  bool is_private(int value) const {
    return !graph_.values[value].stored.is_rounded() && graph_.readers(value).size() == 1 &&
           std::count(graph_.outputs.begin(), graph_.outputs.end(), value) == 0;
  }

  /// The layer that can take an affine map of its input, at `value` or behind global averages.
  Node* taker_of(int value) {
    while (is_private(value)) {
      Node& reader = graph_.nodes[graph_.readers(value).front()];
      if (has_weights(reader))
        return is_padded(reader.op) || !takes_factors(reader) ? nullptr : &reader;
      if (!is_word(reader, "gap")) return nullptr;
      value = reader.output;
    }
    return nullptr;
  }

  Tensor& weights(const Node& node) { return graph_.parameters[node.parameters[0]].values; }

  /// The node's bias, made of zeros where it has none.
  Tensor& bias(Node& node) {
    if (!node.has_bias()) {
      const DType dtype = weights(node).dtype();
      node.parameters.push_back(static_cast<int>(graph_.parameters.size()));
      graph_.parameters.push_back({node.name + ".bias",
                                   ParameterRole::bias,
                                   {node.op.out.c},
                                   Tensor(dtype, static_cast<std::size_t>(node.op.out.c))});
    }
    return graph_.parameters[node.parameters[1]].values;
  }

  void fold_backward(Node& node, const Affine& a) {
    const std::size_t channels = a.factor.size();
    Tensor& b = bias(node);  // which may move the weights
    transform(weights(node), [&](double w, std::size_t i) { return w * a.factor[i % channels]; });
    transform(b, [&](double v, std::size_t c) { return v * a.factor[c] + a.shift[c]; });
  }

  void fold_forward(Node& node, const Affine& a) {
    const std::size_t channels = node.op.out.c;
    std::vector<double> shift(channels);
    transform(weights(node), [&](double w, std::size_t i) {
      const std::size_t in = input_channel(node.op, i);
      shift[i % channels] += w * a.shift[in];
      return w * a.factor[in];
    });
    transform(bias(node), [&](double v, std::size_t c) { return v + shift[c]; });
  }

  /// Of the weight at `index`: weights lie as (c out, k in[, kx, ky]), depthwise ones as (c, kx,
  /// ky).
  static std::size_t input_channel(const Op& op, std::size_t index) {
    const std::size_t channels = op.out.c, c = index % channels;
    if (op.word() == "dw") return c;
    const std::size_t k = static_cast<std::size_t>(op.in.c / op.groups);
    return c / (channels / op.groups) * k + index / channels % k;
  }

  void become_depthwise(Node& node, const Affine& a) {
    const Shape shape = graph_.shape_of(node.output);
    const DType dtype = graph_.parameters[node.parameters.front()].values.dtype();
    node.kind = NodeKind::op;
    node.op = Op{};
    node.op.kind = find_op_kind("dw");
    node.op.in = shape;
    node.op.kind->resolve(node.op);
    const int first = static_cast<int>(graph_.parameters.size());
    node.parameters = {first, first + 1};
    graph_.parameters.push_back({node.name + ".weight",
                                 ParameterRole::weight,
                                 {shape.c, 1, 1},
                                 Tensor::rounded(dtype, a.factor)});
    graph_.parameters.push_back(
        {node.name + ".bias", ParameterRole::bias, {shape.c}, Tensor::rounded(dtype, a.shift)});
  }

  void erase(std::size_t node) {
    graph_.nodes.erase(graph_.nodes.begin() + static_cast<long>(node));
  }

  Graph graph_;
};

}  // namespace

Graph fold(Graph graph) { return Folder(std::move(graph))(); }

}  // namespace halcyon
