#include "suites/quantise/quantise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "suites/graph/reference.h"
#include "suites/graph/sample_graphs.h"
#include "suites/quantise/agreement.h"
#include "suites/quantise/layer_check.h"
#include "suites/quantise/plain_plan.h"

namespace halcyon {
namespace {

constexpr std::uint64_t kSeed = 3;

Graph seeded() {
  Graph graph = sample_network();
  seed_parameters(graph, kSeed);
  return graph;
}

Graph low_of(const Graph& graph, RangeMethod method = RangeMethod::minmax) {
  return in_i8(graph, {method, calibration_inputs(graph, kSeed)});
}

Tensor input_of(const Graph& graph) { return calibration_inputs(graph, kSeed + 1).front(); }

LayerCheck layers_of(const Graph& low, const Plan& plan, std::set<std::string>* seen = nullptr) {
  const Tensor input = input_of(low);
  const auto tensors = plain_tensors(plan, input);
  return check_layers(low, input, [&](const std::string& name) -> std::optional<Tensor> {
    const auto found = tensors.find(name);
    if (found == tensors.end()) return std::nullopt;
    if (seen) seen->insert(name);
    return found->second;
  });
}

double sqnr_of(const Graph& graph, const Graph& low) {
  std::vector<std::vector<Tensor>> found, wanted;
  for (const Tensor& input : calibration_inputs(graph, kSeed + 1)) {
    found.push_back(reference_outputs(low, input));
    wanted.push_back(reference_outputs(graph, input));
  }
  return agreement_of(found, wanted, 1).sqnr_db;
}

TEST(InI8, EveryLayerIsWithinAStepOfTheGraphWithItsRoundings) {
  const Graph low = low_of(seeded());
  for (const Cut cut : {Cut::ops, Cut::blocks}) {
    const Plan plan = plan_of(low, cut);
    std::set<std::string> seen;
    const LayerCheck check = layers_of(low, plan, &seen);
    EXPECT_LE(check.most_steps, 1) << check.where;
    EXPECT_LT(check.share_off, 0.02);
    EXPECT_GT(seen.size(), 10u);
    EXPECT_EQ(seen.count("input:u8"), 1u);
  }
}

TEST(InI8, AWrongZeroPointOfOneCallShows) {
  const Graph low = low_of(seeded());
  Plan plan = plan_of(low, Cut::ops);
  for (PlanConstant& c : plan.constants)
    if (c.name.ends_with(".q") && c.name.starts_with("block0"))
      transform(c.values, [](double v, std::size_t i) { return i == 0 ? v + 3 : v; });
  EXPECT_GT(layers_of(low, plan).most_steps, 1);
}

TEST(InI8, EverythingButInputAndOutputIsOf8Bits) {
  const Plan plan = plan_of(low_of(seeded()), Cut::ops);
  EXPECT_EQ(plan.calls.front().problem.text(), "1x13x1x33 | to i8");
  EXPECT_EQ(plan.calls.back().problem.text(), "i8 1x1x1x5 | to f32");
  for (std::size_t i = 1; i + 1 < plan.calls.size(); ++i)
    EXPECT_EQ(plan.calls[i].problem.dtype(), DType::i8) << plan.calls[i].problem.text();
  for (const PlanTensor& t : plan.tensors)
    EXPECT_EQ(t.dtype, t.place == PlanTensor::arena ? DType::u8 : DType::f32) << t.name;
}

TEST(InI8, IsNearF32ByEveryMethod) {
  const Graph graph = seeded();
  for (const RangeMethod method : range_methods())
    EXPECT_GT(sqnr_of(graph, low_of(graph, method)), 14) << to_text(method);
}

TEST(InI8, WhatAnOpMovesKeepsItsSteps) {
  GraphBuilder b("moves", {1, 8, 8, 3});
  int x = b.act("relu", b.conv("stem", 0, square(8, 3, 2)), Act::relu);
  x = b.maxpool("pool", x, square(8, 2, 2).h, square(8, 2, 2).w);
  Graph graph = b.finish({b.conv("last", x, square(4, 1))});
  seed_parameters(graph, kSeed);
  const Graph low = low_of(graph);
  const Plan plan = plan_of(low, Cut::ops);
  EXPECT_EQ(plan.calls.size(), 5u);
  EXPECT_LE(layers_of(low, plan).most_steps, 1);
}

TEST(InI8, WhatIsNotHeldInStepsIsComputedInF32BetweenConversions) {
  const Graph graph = seeded();
  Graph low = low_of(graph);
  for (Value& v : low.values)
    if (v.name.starts_with("block1")) v.stored = {};
  const Plan plan = plan_of(low, Cut::ops);
  int in_f32 = 0, conversions = 0;
  for (const PlanCall& call : plan.calls) {
    in_f32 += call.problem.dtype() == DType::f32;
    conversions += call.problem.ops().front().word() == "to";
  }
  EXPECT_GT(in_f32, 4);
  EXPECT_GT(conversions, 2);
  EXPECT_LE(layers_of(low, plan).most_steps, 1);
}

TEST(InF32, IsTheGraphWithoutRoundings) {
  const Graph graph = seeded();
  EXPECT_GT(sqnr_of(graph, in_f32(low_of(graph))), 15);  // its ranges cut off, still
}

TEST(InF32, KeepsWhatARangeCutsOff) {
  GraphBuilder b("cut", {1, 1, 1, 4});
  Graph graph = b.finish({b.conv("pw", 0, square(4, 1))});
  seed_parameters(graph, kSeed);
  Graph low = low_of(graph);
  low.values[low.outputs[0]].stored.quantisation = {0.01, 0};  // as a relu of a file may be
  const std::vector<double> found = run_reference(in_f32(low), input_of(low)).front();
  EXPECT_EQ(*std::min_element(found.begin(), found.end()), 0);
}

}  // namespace
}  // namespace halcyon
