#include "suites/quantise/layer_check.h"

#include <algorithm>
#include <cmath>

#include "kernels/oracle/half.h"
#include "suites/graph/convert.h"
#include "suites/graph/reference.h"

namespace halcyon {
namespace {

/// What f32 loses of a sum whose terms cancel, over the size of its neighbours.
constexpr double kLeastShare = 1e-5;

double root_mean_square(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v * v;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

/// How far numbers of a tensor are from each other, in what lies between two that it can hold.
class StepsBetween {
 public:
  StepsBetween(const Stored& stored, const std::vector<double>& expected)
      : scale_(stored.dtype == DType::u8 ? stored.quantisation.scale
                                         : kLeastShare * root_mean_square(expected)),
        epsilon_(stored.dtype == DType::u8     ? 0
                 : stored.dtype == DType::bf16 ? BFloat16::epsilon()
                                               : Float16::epsilon()) {}
  double operator()(double found, double expected) const {
    const double step = std::max(scale_, epsilon_ * std::abs(expected));
    return step > 0 ? std::nearbyint(std::abs(found - expected) / step) : 0;
  }

 private:
  const double scale_, epsilon_;
};

}  // namespace

LayerCheck check_layers(const Graph& graph, TensorView input,
                        const std::function<std::optional<Tensor>(const std::string&)>& found) {
  LayerCheck check;
  double elements = 0, off = 0;
  PlainRun<double> run(graph, input);
  const auto look_at = [&](int value, const std::string& name) {
    const Stored& stored = graph.values[value].stored;
    if (!stored.is_rounded()) return;
    const std::optional<Tensor> tensor = found(name);
    if (!tensor) return;
    std::vector<double> values = numbers_of<double>(*tensor);
    if (stored.dtype == DType::u8)
      for (double& v : values) v = stored.quantisation.value(v);
    const std::vector<double>& expected = run.result(value);
    const StepsBetween steps_between(stored, expected);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double steps = steps_between(values[i], expected[i]);
      off += steps > 0;
      if (steps <= check.most_steps) continue;
      check.most_steps = steps;
      check.where = graph.values[value].name;
    }
    elements += static_cast<double>(values.size());
    run.replace(value, std::move(values));
  };
  look_at(0, stored_input_name(graph));
  for (const Node& node : graph.nodes) {
    run.step(node);
    look_at(node.output, graph.values[node.output].name);
  }
  if (elements > 0) check.share_off = off / elements;
  return check;
}

}  // namespace halcyon
