#include <algorithm>
#include <cmath>

#include "kernels/oracle/seeded_stream.h"
#include "suites/graph/graph.h"
#include "suites/graph/parallel.h"
#include "suites/graph/reference.h"

namespace halcyon {
namespace {

constexpr int kLeastImages = 2, kMostImages = 64, kGroups = 4;
constexpr std::int64_t kWantedPixels = 64;         // of a channel, for its mean and variance
constexpr std::int64_t kMostMacs = 4'000'000'000;  // for more images than the least
constexpr double kPrior = 4;                       // pixels that look like the layer's average
constexpr double kLeastSquare = 1e-6;              // of an input that is all but zero
constexpr int kStatisticBits = 7;

/// As many that the smallest map with a batch norm has enough pixels.
int images_for(const Graph& graph) {
  std::int64_t least = kWantedPixels;
  for (const Node& node : graph.nodes)
    if (node.kind == NodeKind::batchnorm) {
      const Shape& map = graph.shape_of(node.output);
      least = std::min(least, std::int64_t{map.h} * map.w);
    }
  const std::int64_t macs = macs_of(graph) / graph.input().shape.n;
  int images = kLeastImages;
  while (images * least < kWantedPixels && images < kMostImages && 2 * images * macs <= kMostMacs)
    images *= 2;
  return images;
}

Graph with_batch(Graph graph, int n) {
  for (Value& v : graph.values) v.shape.n = n;
  for (Node& node : graph.nodes) node.op.in.n = node.op.out.n = n;
  return graph;
}

Tensor images_of(const Value& input, const std::string& name, std::uint64_t seed) {
  SeededStream random(name, seed);
  Tensor values(input.dtype, static_cast<std::size_t>(input.shape.elements()));
  transform(values, [&](double, std::size_t) { return random.normal(); });
  return values;
}

/// Keeps `kStatisticBits` bits of what lies above the last one of `scale`: machines differ in the
/// last bits of an exponential, and what is drawn must not.
double rounded(double value, double scale) {
  int exponent = 0;
  std::frexp(scale, &exponent);
  const int shift = kStatisticBits - exponent;
  return std::ldexp(std::round(std::ldexp(value, shift)), -shift);
}

/// Draws the parameters of each node for the input that it sees: N(0,1) images run through all that
/// was drawn before it. Estimates in place of the images drift from the truth within a few blocks.
class Seeder {
 public:
  Seeder(Graph& graph, std::uint64_t seed) : seed_(seed) {
    const int images = images_for(graph), groups = std::min(images, kGroups);
    std::vector<Parameter> parameters = std::move(graph.parameters);  // not to be copied
    graph_ = with_batch(graph, images / groups);
    graph_.parameters = std::move(parameters);
    for (int i = 0; i < groups; ++i)
      runs_.emplace_back(graph_, images_of(graph_.input(), "images " + std::to_string(i), seed));
  }

  std::vector<Parameter> operator()() {
    for (const Node& node : graph_.nodes) {
      if (node.kind == NodeKind::batchnorm) calibrate(node);
      for (std::size_t i = 0; i < node.parameters.size(); ++i) draw(node, i);
      each_in_parallel(runs_.size(), [&](std::size_t i) { runs_[i].step(node); });
    }
    return std::move(graph_.parameters);
  }

 private:
  Parameter& parameter(const Node& node, std::size_t i) {
    return graph_.parameters[node.parameters[i]];
  }

  void draw(const Node& node, std::size_t index) {
    Parameter& p = parameter(node, index);
    if (!p.values.empty()) return;
    switch (p.role) {
      case ParameterRole::weight:
        return draw(p, 0, std::sqrt(3 / (terms_of(node) * mean_square(node.inputs.front()))));
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

  /// What a residual adds is small, as where a training starts. Deep networks where it is not are
  /// chaotic: EfficientNet-B7 at 32x32 loses half its range to the rounding of f32.
  bool is_branch(const Node& node) const {
    const std::vector<int> readers = graph_.readers(node.output);
    return readers.size() == 1 && graph_.nodes[readers.front()].kind == NodeKind::add;
  }

  /// Uniform in centre +- width. A width of few bits makes its products with the stream's numbers
  /// exact, so that no machine rounds them differently.
  void draw(Parameter& p, double centre, double width) {
    SeededStream random(p.name, seed_);
    const double few_bits = rounded(width, width);
    p.assign(0);
    transform(p.values, [&](double, std::size_t) {
      return centre + rounded_to(p.values.dtype(), few_bits * random.symmetric());
    });
  }

  /// Products that an element of the output is the sum of, taps in the padding aside.
  static double terms_of(const Node& node) {
    return static_cast<double>(node.op.kind->macs(node.op, true)) /
           static_cast<double>(node.op.out.elements());
  }

  double mean_square(int value) const {
    double sum = 0, count = 0;
    for (const PlainRun<double>& run : runs_) {
      for (const double v : run.result(value)) sum += v * v;
      count += static_cast<double>(run.result(value).size());
    }
    return std::max(kLeastSquare, sum / count);
  }

  /// A batch norm's mean and variance: those of what it reads. A few pixels say little of a
  /// variance, so each channel's is drawn towards the layer's.
  void calibrate(const Node& node) {
    Parameter &means = parameter(node, 2), &variances = parameter(node, 3);
    const std::size_t channels = means.elements();
    std::vector<double> sum(channels), squares(channels);
    double pixels = 0;
    for (const PlainRun<double>& run : runs_) {
      const std::vector<double>& x = run.result(node.inputs.front());
      for (std::size_t first = 0; first < x.size(); first += channels, ++pixels)
        for (std::size_t c = 0; c < channels; ++c) {
          sum[c] += x[first + c];
          squares[c] += x[first + c] * x[first + c];
        }
    }
    double average = 0;
    for (std::size_t c = 0; c < channels; ++c) {
      const double mean = sum[c] / pixels;
      squares[c] = std::max(0.0, squares[c] / pixels - mean * mean);
      average += squares[c] / static_cast<double>(channels);
    }
    std::vector<double> mean, variance;
    for (std::size_t c = 0; c < channels; ++c) {
      const double v =
          std::max(kLeastSquare, (pixels * squares[c] + kPrior * average) / (pixels + kPrior));
      mean.push_back(rounded(sum[c] / pixels, std::sqrt(v)));
      variance.push_back(rounded(v, v));
    }
    if (means.values.empty()) means.values = Tensor::rounded(means.values.dtype(), mean);
    if (variances.values.empty())
      variances.values = Tensor::rounded(variances.values.dtype(), variance);
  }

  const std::uint64_t seed_;
  Graph graph_;  // of a group of images, and the one that has the parameters meanwhile
  std::vector<PlainRun<double>> runs_;
};

}  // namespace

void seed_parameters(Graph& graph, std::uint64_t seed) {
  const bool all = std::none_of(graph.parameters.begin(), graph.parameters.end(),
                                [](const Parameter& p) { return p.values.empty(); });
  if (!all) graph.parameters = Seeder(graph, seed)();
}

}  // namespace halcyon
