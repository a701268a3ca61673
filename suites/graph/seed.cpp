#include <cmath>

#include "kernels/seeded_stream.h"
#include "suites/graph/graph.h"

namespace halcyon {
namespace {

/// How large a tensor's elements are expected to be.
struct Size {
  double square = 1;  // mean of the squares, over all elements
  double steady = 0;  // of it, what is the same all over a channel's map: the square of its mean
};

/// Mean of f(z)^2 and square of the mean of f(z) for a standard normal z, by quadrature.
Size size_of(Act act) {
  switch (act) {
    case Act::relu:
      return {0.500, 0.159};
    case Act::relu6:
      return {0.500, 0.159};
    case Act::hardswish:
      return {0.332, 0.028};
    case Act::hardsigmoid:
      return {0.278, 0.250};
    case Act::silu:
      return {0.356, 0.043};
    case Act::sigmoid:
      return {0.293, 0.250};
    case Act::gelu:
      return {0.425, 0.080};
  }
  return {};
}

bool is_bounded_below(Act act) { return act == Act::hardsigmoid || act == Act::sigmoid; }

/// Follows the expected size of every tensor through the graph and draws each layer's weights for
/// the input that it will see, so that errors of the estimate do not add up over the depth.
class Seeder {
 public:
  Seeder(Graph& graph, std::uint64_t seed) : graph_(graph), seed_(seed) {
    sizes_.resize(graph.values.size());
    sizes_[0] = {1.0 / 3, 0};  // inputs in [-1, 1)
  }

  void operator()() {
    for (const Node& node : graph_.nodes) {
      for (std::size_t i = 0; i < node.parameters.size(); ++i) draw(node, i);
      sizes_[node.output] = result_of(node);
    }
  }

 private:
  Parameter& parameter(const Node& node, std::size_t i) const {
    return graph_.parameters[node.parameters[i]];
  }
  const Size& input(const Node& node, std::size_t i = 0) const { return sizes_[node.inputs[i]]; }

  void draw(const Node& node, std::size_t index) {
    Parameter& p = parameter(node, index);
    if (!p.values.empty()) return;
    switch (p.role) {
      case ParameterRole::weight:
        return draw(p, 0, std::sqrt(3 / (terms_of(node) * input(node).square)));
      case ParameterRole::bias:
      case ParameterRole::norm_shift:
      case ParameterRole::mean:
        return draw(p, 0, 0.1);
      case ParameterRole::variance:
      case ParameterRole::norm_scale:
      case ParameterRole::channel_scale:
      case ParameterRole::constant:
        return draw(p, 1, 0.5);
    }
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

  Size result_of(const Node& node) const {
    const Size& x = input(node);
    switch (node.kind) {
      case NodeKind::op:
        return node.parameters.empty() ? result_of_op(node) : result_of_layer(node);
      case NodeKind::act:
        return activated(node.act, x);
      case NodeKind::add: {
        const Size& y = input(node, 1);
        return {x.square + y.square, x.steady + y.steady};
      }
      case NodeKind::scale: {
        const double gate = input(node, 1).square;
        return {x.square * gate, x.steady * gate};
      }
      case NodeKind::batchnorm:
      case NodeKind::channel_scale:
        return affine(node, x);
    }
    return x;
  }

  /// Of weights that were drawn here it is 1 by design; those that were given are measured.
  Size result_of_layer(const Node& node) const {
    const Size& x = input(node);
    double squares = 0;
    const Parameter& weight = parameter(node, 0);
    for (const float w : weight.values) squares += static_cast<double>(w) * w;
    const double gain = squares / static_cast<double>(weight.elements()) * terms_of(node);
    const double bias = node.has_bias() ? mean_square(parameter(node, 1)) : 0;
    return {x.square * gain + bias, x.steady * gain + bias};
  }

  Size result_of_op(const Node& node) const {
    const Size& x = input(node);
    const double pixels = static_cast<double>(node.op.in.h) * node.op.in.w;
    if (node.op.word() == "gap") {  // what varies averages out, as far as pixels are independent
      const double square = x.steady + (x.square - x.steady) / pixels;
      return {square, square};
    }
    if (node.op.word() == "tokensum") {
      const double square = pixels * x.square * input(node, 1).square;
      return {square, square};
    }
    return x;  // moves, picks or mixes neighbours
  }

  /// A steady part that is small beside the whole is what the table supposes.
  static Size activated(Act act, const Size& x) {
    const Size unit = size_of(act);
    if (is_bounded_below(act)) return unit;
    return {unit.square * x.square, unit.steady * x.square + unit.square * x.steady};
  }

  Size affine(const Node& node, const Size& x) const {
    if (node.kind == NodeKind::channel_scale) {
      const double factor = mean_square(parameter(node, 0));
      return {x.square * factor, x.steady * factor};
    }
    double factor = 0, shift = 0;
    const auto& scale = parameter(node, 0).values;
    for (std::size_t c = 0; c < scale.size(); ++c) {
      const double f = scale[c] / std::sqrt(parameter(node, 3).values[c] + node.eps);
      const double s = parameter(node, 1).values[c] - parameter(node, 2).values[c] * f;
      factor += f * f;
      shift += s * s;
    }
    factor /= static_cast<double>(scale.size());
    shift /= static_cast<double>(scale.size());
    return {x.square * factor + shift, x.steady * factor + shift};
  }

  static double mean_square(const Parameter& p) {
    double sum = 0;
    for (const float v : p.values) sum += static_cast<double>(v) * v;
    return sum / static_cast<double>(p.values.size());
  }

  Graph& graph_;
  std::uint64_t seed_;
  std::vector<Size> sizes_;  // by value
};

}  // namespace

void seed_parameters(Graph& graph, std::uint64_t seed) { Seeder(graph, seed)(); }

}  // namespace halcyon
