#include "suites/quantise/quantise.h"

#include <cmath>
#include <mutex>
#include <string>

#include "kernels/oracle/quantise.h"
#include "kernels/oracle/seeded_stream.h"
#include "suites/graph/fold.h"
#include "suites/graph/fuse.h"
#include "suites/graph/parallel.h"
#include "suites/graph/reference.h"

namespace halcyon {
namespace {

/// Where the values of a graph lie, over all inputs.
std::vector<Histogram> observed(const Graph& graph, const std::vector<Tensor>& inputs) {
  std::vector<Histogram> all(graph.values.size());
  std::mutex lock;
  each_in_parallel(inputs.size(), [&](std::size_t i) {
    std::vector<Histogram> one(graph.values.size());
    PlainRun<float> run(graph, inputs[i]);
    one[0].add(run.result(0));
    for (const Node& node : graph.nodes) {
      run.step(node);
      one[node.output].add(run.result(node.output));
    }
    const std::lock_guard hold(lock);
    for (std::size_t v = 0; v < all.size(); ++v) all[v].add(one[v]);
  });
  return all;
}

bool only_moves(const Unit& unit) { return !requantises(unit.ops.front()); }

void quantise_weights(Graph& graph, const Unit& unit) {
  const int weight = unit.parameters[0], bias = unit.parameters[1];
  if (unit.ops.front().kind->not_in_i8) return;
  Parameter& w = graph.parameters[weight];
  const auto channels = static_cast<std::size_t>(unit.ops.front().out.c);
  QuantisedWeights quantised = quantised_weights(w.values, channels);
  w.values = Tensor::rounded(DType::i8, quantised.steps);
  w.scales = std::move(quantised.scales);
  if (bias < 0) return;
  const double in = graph.values[unit.inputs.front()].stored.quantisation.scale;
  transform(graph.parameters[bias].values, [&](double b, std::size_t c) {
    const double step = in * w.scales[c];
    return std::nearbyint(b / step) * step;
  });
}

/// The folded graph with what its units give, and its input, held so; what an op only moves as its
/// input is. `weigh` does a unit's weights.
Graph with_stored(Graph graph, DType dtype, const std::function<Stored(int)>& stored,
                  void (*weigh)(Graph&, const Unit&)) {
  graph.name += "-" + std::string(to_text(dtype));
  graph.values[0].stored = stored(0);
  for (const Unit& unit : fuse(graph, false)) {
    const int in = unit.inputs.front(), out = unit.output;
    graph.values[out].stored = only_moves(unit) ? graph.values[in].stored : stored(out);
    if (unit.parameters[0] >= 0) weigh(graph, unit);
  }
  return graph;
}

Graph with_steps(Graph folded, const std::function<Quantisation(int)>& steps) {
  return with_stored(
      std::move(folded), DType::i8,
      [&](int value) {
        return Stored{DType::u8, steps(value)};
      },
      quantise_weights);
}

/// To what a tensor of the dtype holds, in f32 as before.
template <DType kDType>
void round_weights(Graph& graph, const Unit& unit) {
  transform(graph.parameters[unit.parameters[0]].values,
            [](double w, std::size_t) { return rounded_to(kDType, w); });
}

}  // namespace

std::vector<Tensor> calibration_inputs(const Graph& graph, std::uint64_t seed) {
  std::vector<Tensor> inputs;
  for (int i = 0; i < kCalibrationInputs; ++i) {
    SeededStream random("calibration " + std::to_string(i), seed);
    Tensor& input = inputs.emplace_back(graph.input().dtype,
                                        static_cast<std::size_t>(graph.input().shape.elements()));
    transform(input, [&](double, std::size_t) { return random.normal(); });
  }
  return inputs;
}

Graph in_i8(const Graph& graph, const Calibration& calibration) {
  Graph folded = fold(graph);
  const std::vector<Histogram> seen = observed(folded, calibration.inputs);
  return with_steps(std::move(folded), [&](int value) {
    return quantisation_for(range_by(calibration.method, seen[static_cast<std::size_t>(value)]));
  });
}

Graph in_i8(const Graph& graph, const std::function<Quantisation(int value)>& steps) {
  return with_steps(fold(graph), steps);
}

Graph in_16_bits(const Graph& graph, DType dtype) {
  return with_stored(
      fold(graph), dtype, [&](int) { return Stored{dtype}; },
      dtype == DType::bf16 ? round_weights<DType::bf16> : round_weights<DType::f16>);
}

Graph in_f32(Graph graph) {
  for (Value& v : graph.values) {
    if (v.stored.dtype == DType::u8)
      v.stored.only_clamps = true;
    else
      v.stored = {};
  }
  for (Parameter& p : graph.parameters) {
    if (!p.is_quantised()) continue;
    p.values = Tensor::rounded(DType::f32, p.numbers<double>());
    p.scales.clear();
  }
  return graph;
}

}  // namespace halcyon
