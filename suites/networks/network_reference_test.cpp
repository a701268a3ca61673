#include "suites/networks/network_reference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "suites/graph/reference.h"
#include "suites/graph/sample_graphs.h"
#include "suites/networks/network.h"

namespace halcyon {
namespace {

constexpr std::uint64_t kSeed = 3;

struct Checked {
  explicit Checked(Graph g) : graph(std::move(g)) {
    seed_parameters(graph, kSeed);
    plan = plan_of(graph, CutChoice{});
    reference = reference_of(graph, plan, kSeed, silent);
  }
  /// Of what another graph computes of the same inputs, over the range of the output.
  double error_of(const Graph& other) const {
    double low = INFINITY, high = -INFINITY, error = 0;
    for (const NetworkSet& set : reference.sets) {
      const auto found = run_reference(other, set.input).front();
      const auto wanted = numbers_of<double>(set.outputs[0]);
      for (std::size_t i = 0; i < found.size(); ++i) {
        low = std::min(low, wanted[i]);
        high = std::max(high, wanted[i]);
        error = std::max(error, std::abs(found[i] - wanted[i]));
      }
    }
    return error / (high - low);
  }
  Progress silent{Progress::Style::silent};
  Graph graph;
  Plan plan;
  NetworkReference reference;
};

Graph small_efficientnet() {
  return find_network("efficientnet_b0", HALCYON_SOURCE_DIR "/suites/networks",
                      {.height = 32, .width = 32});
}

TEST(NetworkReference, ToleranceFollowsWhatPlainF32Loses) {
  const Checked small(sample_network()), deep(small_efficientnet());
  for (const Checked* c : {&small, &deep}) {
    EXPECT_GT(c->reference.f32_error, 1e-8);
    EXPECT_LT(c->reference.f32_error, 1e-4);
    EXPECT_GE(c->reference.tolerance(), kTimesF32Error * c->reference.f32_error);
  }
  EXPECT_GT(deep.reference.f32_error, 2 * small.reference.f32_error);
  EXPECT_EQ(NetworkReference{}.tolerance(), kLeastNetworkTolerance);
  EXPECT_EQ((NetworkReference{{}, 1}).tolerance(), kMostNetworkTolerance);
}

// Of each layer one weight in a hundred, off by a tenth: what a kernel gets wrong is more.
TEST(NetworkReference, AWrongLayerAnywhereIsBeyondTheTolerance) {
  const Checked c(small_efficientnet());
  int layers = 0;
  for (const Node& node : c.graph.nodes) {
    if (node.kind != NodeKind::op || node.parameters.empty() || layers++ % 8 != 0) continue;
    Graph wrong = c.graph;
    const auto weights = wrong.parameters[node.parameters[0]].values.as<float>();
    for (std::size_t i = 0; i < weights.size(); i += 100) weights[i] *= 1.1f;
    EXPECT_GT(c.error_of(wrong), 2 * c.reference.tolerance()) << node.name;
  }
  EXPECT_GT(layers, 80);
}

// Graph::act has no forms: an error of 2e-7 in every silu, as the minimax fits of before had in the
// mean, is a shift of what its readers' biases are.
TEST(NetworkReference, ActivationsWhoseErrorHasOneSignAreBeyondTheTolerance) {
  const Checked c(small_efficientnet());
  Graph shifted = c.graph;
  std::vector<Node> nodes;
  for (const Node& node : c.graph.nodes) {
    nodes.push_back(node);
    if (node.kind != NodeKind::act || node.act != Act::silu) continue;
    const int channels = c.graph.shape_of(node.output).c;
    Node shift = node;  // a batch norm that adds 2e-7
    shift.kind = NodeKind::batchnorm;
    shift.name += ".shift";
    shift.eps = 0;
    shift.parameters.clear();
    for (const auto& [role, value] : {std::pair{ParameterRole::norm_scale, 1.f},
                                      {ParameterRole::norm_shift, -2e-7f},
                                      {ParameterRole::mean, 0.f},
                                      {ParameterRole::variance, 1.f}}) {
      shift.parameters.push_back(static_cast<int>(shifted.parameters.size()));
      shifted.parameters.push_back(
          {shift.name, role, {channels}, std::vector<float>(channels, value)});
    }
    Value raw = c.graph.values[node.output];
    shift.inputs = {static_cast<int>(shifted.values.size())};
    nodes.back().output = shift.inputs.front();
    shifted.values.push_back(raw);
    nodes.push_back(shift);
  }
  shifted.nodes = std::move(nodes);
  EXPECT_GT(c.error_of(shifted), c.reference.tolerance());
}

}  // namespace
}  // namespace halcyon
