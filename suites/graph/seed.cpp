#include <algorithm>
#include <cmath>

#include "kernels/reference.h"
#include "kernels/seeded_stream.h"
#include "suites/graph/graph.h"

namespace halcyon {
namespace {

/// What is expected of a channel: normal, independent of the others and from pixel to pixel.
struct Channel {
  double mean = 0, variance = 0;
  double square() const { return mean * mean + variance; }
};
using Channels = std::vector<Channel>;

double mean_square(const Channels& channels) {
  double sum = 0;
  for (const Channel& c : channels) sum += c.square();
  return sum / static_cast<double>(channels.size());
}

/// By quadrature to 4 standard deviations.
Channel activated(Act act, const Channel& x) {
  constexpr int kNodes = 12;  // on each side
  double weights = 0, sum = 0, squares = 0;
  for (int i = -kNodes; i <= kNodes; ++i) {
    const double z = 4.0 * i / kNodes, weight = std::exp(-z * z / 2);
    const double y = activation(act, x.mean + z * std::sqrt(x.variance));
    weights += weight;
    sum += weight * y;
    squares += weight * y * y;
  }
  const double mean = sum / weights;
  return {mean, std::max(0.0, squares / weights - mean * mean)};
}

Channel sum_of(const Channel& x, const Channel& y) {
  return {x.mean + y.mean, x.variance + y.variance};
}

Channel product_of(const Channel& x, const Channel& y) {
  const double mean = x.mean * y.mean;
  return {mean, x.square() * y.square() - mean * mean};
}

/// Follows what is expected of every channel through the graph, with the weights as they were
/// drawn, and draws each layer's weights for the input that it will see: estimates with a table of
/// gains drift apart from the truth within a few blocks, and then by a factor in each.
class Seeder {
 public:
  Seeder(Graph& graph, std::uint64_t seed) : graph_(graph), seed_(seed) {
    channels_.resize(graph.values.size());
    channels_[0].assign(graph.input().shape.c, {0, 1.0 / 3});  // in [-1, 1)
  }

  void operator()() {
    for (const Node& node : graph_.nodes) {
      for (std::size_t i = 0; i < node.parameters.size(); ++i) draw(node, i);
      channels_[node.output] = result_of(node);
    }
  }

 private:
  Parameter& parameter(const Node& node, std::size_t i) const {
    return graph_.parameters[node.parameters[i]];
  }
  const Channels& input(const Node& node, std::size_t i = 0) const {
    return channels_[node.inputs[i]];
  }

  void draw(const Node& node, std::size_t index) {
    Parameter& p = parameter(node, index);
    if (!p.values.empty()) return;
    switch (p.role) {
      case ParameterRole::weight:
        return draw(p, 0, std::sqrt(3 / (terms_of(node) * mean_square(input(node)))));
      case ParameterRole::bias:
      case ParameterRole::norm_shift:
      case ParameterRole::mean:
        return draw(p, 0, 0.1);
      case ParameterRole::variance:
      case ParameterRole::constant:
        return draw(p, 1, 0.5);
      case ParameterRole::norm_scale:
      case ParameterRole::channel_scale:
        return is_branch(node) ? draw(p, 0.2f, 0.1) : draw(p, 1, 0.5);
    }
  }

  /// What a residual adds is small, as where a training starts: an error of the estimate, which
  /// attention would cube, then does not grow from block to block.
  bool is_branch(const Node& node) const {
    const std::vector<int> readers = graph_.readers(node.output);
    return readers.size() == 1 && graph_.nodes[readers.front()].kind == NodeKind::add;
  }

  /// Uniform in centre +- width. A width of few bits makes its products with the stream's numbers
  /// exact, so that no machine rounds them differently.
  void draw(Parameter& p, float centre, double width) {
    SeededStream random(p.name, seed_);
    int exponent = 0;
    const double mantissa = std::frexp(width, &exponent);
    const auto rounded = static_cast<float>(std::ldexp(std::round(mantissa * 64), exponent - 6));
    p.values.resize(static_cast<std::size_t>(p.elements()));
    for (float& value : p.values) value = centre + rounded * random.symmetric();
  }

  /// Products that an element of the output is the sum of, taps in the padding aside.
  static double terms_of(const Node& node) {
    return static_cast<double>(node.op.kind->macs(node.op, true)) /
           static_cast<double>(node.op.out.elements());
  }

  Channels result_of(const Node& node) const {
    const Channels& x = input(node);
    switch (node.kind) {
      case NodeKind::op:
        return node.parameters.empty() ? result_of_op(node) : result_of_layer(node);
      case NodeKind::act:
        if (is_sum(node.inputs.front())) return x;
        return map(x, [&](const Channel& c, std::size_t) { return activated(node.act, c); });
      case NodeKind::add:
        return map(x,
                   [&](const Channel& c, std::size_t i) { return sum_of(c, input(node, 1)[i]); });
      case NodeKind::scale:
        return map(
            x, [&](const Channel& c, std::size_t i) { return product_of(c, input(node, 1)[i]); });
      case NodeKind::batchnorm:
      case NodeKind::channel_scale:
        return map(x, [&](const Channel& c, std::size_t i) { return affine(node, c, i); });
    }
    return x;
  }

  /// A residual's sum, activated block after block, is soon positive and passes whole: as a normal
  /// variable it would be thought to lose half each time. Better too much: biases keep what shrinks
  /// alive, and nothing stops what grows.
  bool is_sum(int value) const {
    return std::any_of(graph_.nodes.begin(), graph_.nodes.end(),
                       [&](const Node& n) { return n.output == value && n.kind == NodeKind::add; });
  }

  template <class Function>
  static Channels map(const Channels& x, Function f) {
    Channels y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = f(x[i], i);
    return y;
  }

  Channel affine(const Node& node, const Channel& x, std::size_t c) const {
    double factor = parameter(node, 0).values[c], shift = 0;
    if (node.kind == NodeKind::batchnorm) {
      factor /= std::sqrt(parameter(node, 3).values[c] + node.eps);
      shift = parameter(node, 1).values[c] - parameter(node, 2).values[c] * factor;
    }
    return {x.mean * factor + shift, x.variance * factor * factor};
  }

  /// Weights lie as (c out, k in[, kx, ky]), depthwise ones as (c, kx, ky).
  Channels result_of_layer(const Node& node) const {
    const Channels& x = input(node);
    const std::vector<float>& weights = parameter(node, 0).values;
    const Op& op = node.op;
    const bool depthwise = op.word() == "dw";
    const std::size_t channels = op.out.c, groups = depthwise ? channels : op.groups;
    const std::size_t k = op.in.c / groups, of_group = channels / groups;
    const double inside = terms_of(node) * static_cast<double>(channels) / weights.size();
    Channels y(channels);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const std::size_t c = i % channels;
      const Channel& from = x[c / of_group * k + i / channels % k];
      const double w = weights[i];
      y[c].mean += w * from.mean * inside;
      y[c].variance += w * w * from.variance * inside;
    }
    if (node.has_bias())
      for (std::size_t c = 0; c < channels; ++c) y[c].mean += parameter(node, 1).values[c];
    return y;
  }

  Channels result_of_op(const Node& node) const {
    const Op& op = node.op;
    const Channels& x = input(node);
    const double pixels = static_cast<double>(op.in.h) * op.in.w;
    if (op.word() == "gap")
      return map(x, [&](const Channel& c, std::size_t) {
        return Channel{c.mean, c.variance / pixels};
      });
    if (op.word() == "tokensum")  // weights made of what they weigh: all adds up in step
      return map(x, [&](const Channel& c, std::size_t) {
        const Channel one = product_of(c, input(node, 1).front());
        return Channel{one.mean * pixels, one.variance * pixels * pixels};
      });
    return map(Channels(op.out.c), [&](const Channel&, std::size_t i) {
      return x[i % x.size()];  // moves, picks or mixes neighbours
    });
  }

  Graph& graph_;
  std::uint64_t seed_;
  std::vector<Channels> channels_;  // by value
};

}  // namespace

void seed_parameters(Graph& graph, std::uint64_t seed) { Seeder(graph, seed)(); }

}  // namespace halcyon
