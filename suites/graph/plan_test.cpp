#include "suites/graph/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "kernels/error.h"
#include "kernels/oracle/reference.h"
#include "suites/graph/fold.h"
#include "suites/graph/reference.h"
#include "suites/graph/sample_graphs.h"

namespace halcyon {
namespace {

using Floats = std::vector<float>;
constexpr unsigned kSeed = 7;

Floats input_of(const Graph& graph) {
  std::mt19937 random(kSeed);
  std::uniform_real_distribution<float> any(-1, 1);
  Floats values(static_cast<std::size_t>(graph.input().shape.elements()));
  for (float& v : values) v = any(random);
  return values;
}

/// Runs a plan of one image in plain loops, on an arena as the plan places it, which starts as NaN.
std::vector<Floats> run_plainly(const Plan& plan, const Floats& input) {
  Floats arena(plan.arena_bytes / sizeof(float), std::numeric_limits<float>::quiet_NaN());
  std::vector<Floats> own(plan.tensors.size());
  for (std::size_t t = 0; t < own.size(); ++t)
    own[t].resize(plan.tensors[t].bytes() / sizeof(float));
  own[plan.input] = input;
  const auto at = [&](int t) {
    const PlanTensor& tensor = plan.tensors[t];
    return tensor.place == PlanTensor::arena ? arena.data() + tensor.offset / sizeof(float)
                                             : own[t].data();
  };
  for (const PlanCall& call : plan.calls) {
    Tensors arguments;
    const auto& specs = call.problem.tensors();
    for (std::size_t i = 0; i < specs.size(); ++i) {
      const PlanArgument& a = call.arguments[i];
      if (specs[i].role == Role::output) continue;
      if (a.from == PlanArgument::constant)
        arguments[specs[i].name] = plan.constants[a.index].values;
      else
        arguments[specs[i].name] = Floats(at(a.index), at(a.index) + specs[i].elements());
    }
    const Tensors results = reference(call.problem, arguments);
    for (std::size_t i = 0; i < specs.size(); ++i)
      if (specs[i].role == Role::output) {
        const auto values = results.at(specs[i].name).as<float>();
        std::copy(values.begin(), values.end(), at(call.arguments[i].index));
      }
  }
  std::vector<Floats> outputs;
  for (const int t : plan.outputs) outputs.push_back(own[t]);
  return outputs;
}

/// The largest difference over the range of the reference's outputs.
double error_of(const std::vector<Floats>& found,
                const std::vector<std::vector<double>>& expected) {
  double worst = found.size() == expected.size() ? 0 : 1e9;
  for (std::size_t o = 0; o < std::min(found.size(), expected.size()); ++o) {
    const auto [low, high] = std::minmax_element(expected[o].begin(), expected[o].end());
    for (std::size_t i = 0; i < expected[o].size(); ++i)
      if (const double e = std::abs(found[o].at(i) - expected[o][i]) / (*high - *low);
          !(e <= worst))
        worst = e;
  }
  return worst;
}

std::vector<std::string> lines(const Plan& plan) {
  std::vector<std::string> all;
  for (const PlanCall& call : plan.calls) all.push_back(call.problem.text());
  return all;
}

void expect_equal_to_the_source(Graph graph, const CutChoice& how) {
  fill_parameters(graph, kSeed);
  const Floats input = input_of(graph);
  EXPECT_LT(error_of(run_plainly(plan_of(graph, how), input), run_reference(graph, input)), 1e-5)
      << graph.name << " cut by " << to_text(how) << ", seed " << kSeed;
}

TEST(Plan, ComputesWhatTheUnfoldedGraphComputes) {
  for (const Cut how : {Cut::ops, Cut::blocks}) expect_equal_to_the_source(sample_network(), how);
}

TEST(Plan, FusesEverythingIntoTheOpsAroundIt) {
  Graph graph = sample_network();
  fill_parameters(graph, kSeed);
  EXPECT_EQ(
      lines(plan_of(graph, Cut::ops)),
      (std::vector<std::string>{
          "1x13x11x3 | conv 3x3 8 s2 relu", "1x7x6x8 | dw 3x3", "1x7x6x8 | pw 16 g2 gelu",
          "1x7x6x16 | pw 8 add", "1x7x6x8 | pw 12 hardswish", "1x7x6x12 | dw 5x5 hardswish sums",
          "1x1x1x12 | linear 3 relu | linear 12 hardsigmoid", "1x7x6x12 | scale | pw 8 add",
          "1x7x6x8 | pw 20 hardswish", "1x7x6x20 | dw 5x5 s2 hardswish sums",
          "1x1x1x20 | linear 3 relu | linear 20 hardsigmoid", "1x4x3x20 | scale | pw 10",
          "1x4x3x10 | gap", "1x1x1x10 | linear 14 gelu | linear 5"}));
}

TEST(Plan, ABlockIsOneProblemWhereTheCutSaysSo) {
  Graph graph = sample_network();
  fill_parameters(graph, kSeed);
  EXPECT_EQ(lines(plan_of(graph, Cut::blocks)).at(1),
            "1x7x6x8 | dw 3x3 | pw 16 g2 gelu | pw 8 skip");
}

/// Two HENet blocks of one shape, one of another, and MobileNetV2's: its depthwise op could be the
/// first of a chain, too, were it not the middle of one.
Graph graph_of_blocks() {
  GraphBuilder b("blocks", {1, 6, 6, 8});
  int x = add_dwcb(b, "a", add_dwcb(b, "b", 0, 16, 1), 16, 1);
  x = add_dwcb(b, "c", x, 24, 1);
  const int wide = b.act("expand.act", b.conv("expand", x, square(24, 1)), Act::relu);
  const int middle = b.conv("dw", wide, square(24, 3, 1, 24));
  Graph graph = b.finish({b.conv("after", b.conv("project", middle, square(8, 1)), square(4, 1))});
  fill_parameters(graph, kSeed);
  return graph;
}

TEST(Plan, ChainsMayBeFusedAmongOpsAtAllTheirPlaces) {
  const Graph graph = graph_of_blocks();
  const auto ops = lines(plan_of(graph, Cut::ops)), blocks = lines(plan_of(graph, Cut::blocks));
  const std::string twice = blocks.front();
  ASSERT_EQ(std::count(blocks.begin(), blocks.end(), twice), 2) << twice;
  const Plan plan = plan_of(graph, {Cut::ops, {twice}});
  EXPECT_EQ(plan.cut, "ops+1");
  auto expected = std::vector(2, twice);
  expected.insert(expected.end(), ops.begin() + 6, ops.end());
  EXPECT_EQ(lines(plan), expected) << "each op of the others by itself";
  expect_equal_to_the_source(graph, {Cut::ops, {twice}});
}

TEST(Plan, EveryChainOfBlocksMayBeFusedByItselfAndAllOfThemAreBlocks) {
  for (Graph graph : {graph_of_blocks(), sample_network()}) {
    fill_parameters(graph, kSeed);
    const auto ops = lines(plan_of(graph, Cut::ops)), blocks = lines(plan_of(graph, Cut::blocks));
    CutChoice all;
    for (const std::string& line : std::set(blocks.begin(), blocks.end()))
      if (!std::count(ops.begin(), ops.end(), line)) all.fused.push_back(line);
    ASSERT_FALSE(all.fused.empty());
    for (const std::string& line : all.fused) {
      expect_equal_to_the_source(graph, {Cut::ops, {line}});
      const auto mixed = lines(plan_of(graph, {Cut::ops, {line}}));
      EXPECT_EQ(std::count(mixed.begin(), mixed.end(), line),
                std::count(blocks.begin(), blocks.end(), line));
    }
    EXPECT_EQ(lines(plan_of(graph, all)), blocks);
  }
}

TEST(Plan, NoChainIsFusedThatBlocksDoesNotMake) {
  const Graph graph = graph_of_blocks();
  const std::string other = "1x6x6x24 | dw 3x3 | pw 8 | pw 4";
  const std::string never = "1x6x6x8 | pw 24 relu | dw 3x3 | pw 8";  // they are in `other`
  const auto blocks = lines(plan_of(graph, Cut::blocks)), ops = lines(plan_of(graph, Cut::ops));
  ASSERT_EQ(std::count(blocks.begin(), blocks.end(), other), 1);
  EXPECT_EQ(lines(plan_of(graph, {Cut::ops, {never}})), ops);
}

TEST(Plan, ABatchNormThatNothingTakesIsADepthwiseOp) {
  GraphBuilder b("backbone", {1, 6, 6, 4});
  const int x = b.conv("a", 0, square(4, 3));
  Graph graph = b.finish(
      {b.batchnorm("norm", x, 1e-5), b.conv("down", x, square(8, 2, 2)), b.upsample2x("up", x)});
  expect_equal_to_the_source(graph, Cut::ops);
  fill_parameters(graph, kSeed);
  const auto all = lines(plan_of(graph, Cut::ops));
  EXPECT_EQ(std::count(all.begin(), all.end(), "1x6x6x4 | dw 1x1"), 1);
}

TEST(Plan, ABatchNormBeforePaddingIsNotTakenForward) {
  GraphBuilder b("padded", {1, 5, 5, 3});
  Graph graph = b.finish({b.conv("a", b.batchnorm("norm", 0, 1e-5), square(4, 3))});
  expect_equal_to_the_source(graph, Cut::ops);
}

TEST(Plan, AResidualWaitsForTheLaterOfItsTwoBranches) {
  GraphBuilder b("branches", {1, 8, 8, 4});
  const int left = b.conv("left", 0, square(6, 1, 2)), right = b.conv("right", 0, square(6, 3, 2));
  Graph graph = b.finish({b.act("relu", b.add("add", left, right), Act::relu)});
  expect_equal_to_the_source(graph, Cut::ops);
  fill_parameters(graph, kSeed);
  EXPECT_EQ(
      lines(plan_of(graph, Cut::ops)),
      (std::vector<std::string>{"1x8x8x4 | conv 1x1 6 s2", "1x8x8x4 | conv 3x3 6 s2 add relu"}));
}

TEST(Plan, AttentionsTokensAreSummedByTheirWeights) {
  GraphBuilder b("attention", {1, 4, 3, 6});
  const int q = b.conv("q", 0, square(6, 1)), k = b.conv("k", 0, square(6, 1));
  const int sum = b.tokensum("sum", q, b.conv("w", q, square(1, 1, 1, 1, false)));
  const int o = b.add("qo", b.conv("p", b.scale("gk", k, sum), square(6, 1)), q);
  expect_equal_to_the_source(b.finish({b.add("x2", b.conv("o", o, square(6, 1)), 0)}), Cut::ops);
}

TEST(Plan, CoversEveryNodeOnce) {
  Graph graph = sample_network();
  fill_parameters(graph, kSeed);
  const Graph folded = fold(graph);
  std::vector<std::string> covered, expected;
  for (const PlanCall& call : plan_of(graph, Cut::blocks).calls)
    covered.insert(covered.end(), call.nodes.begin(), call.nodes.end());
  for (const Node& node : folded.nodes) expected.push_back(node.name);
  std::sort(covered.begin(), covered.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(covered, expected);
}

TEST(Plan, AResultGivenTwiceIsRefused) {
  GraphBuilder b("twice", {1, 4, 4, 2});
  const int x = b.conv("a", 0, square(2, 1));
  Graph graph = b.finish({x, x});
  fill_parameters(graph, kSeed);
  EXPECT_THROW(plan_of(graph, Cut::ops), Error);
}

class PlacementForThreads : public testing::TestWithParam<int> {};

TEST_P(PlacementForThreads, TensorsThatLiveTogetherNeverOverlap) {
  Graph graph = sample_network();
  fill_parameters(graph, kSeed);
  const Plan plan = plan_of(graph, Cut::ops, GetParam());
  const auto lives_at = [&](std::size_t tensor, std::size_t call) {
    bool before = false, after = false;
    for (std::size_t c = 0; c < plan.calls.size(); ++c)
      for (const PlanArgument& a : plan.calls[c].arguments)
        if (a.from == PlanArgument::tensor && a.index == static_cast<int>(tensor)) {
          before |= c <= call;
          after |= c >= call;
        }
    return before && after && plan.tensors[tensor].place == PlanTensor::arena;
  };
  for (std::size_t a = 0; a < plan.tensors.size(); ++a) {
    const PlanTensor& s = plan.tensors[a];
    EXPECT_TRUE(s.place != PlanTensor::arena || s.offset + s.bytes() <= plan.arena_bytes) << s.name;
    for (std::size_t b = 0; b < a; ++b)
      for (std::size_t c = 0; c < plan.calls.size(); ++c)
        if (lives_at(a, c) && lives_at(b, c)) {
          const PlanTensor& t = plan.tensors[b];
          EXPECT_TRUE(s.offset + s.bytes() <= t.offset || t.offset + t.bytes() <= s.offset)
              << s.name << " and " << t.name << " at " << plan.calls[c].name;
        }
  }
}

INSTANTIATE_TEST_SUITE_P(Placement, PlacementForThreads, testing::Values(1, 2));

TEST(Placement, ForSeveralThreadsTensorsThatShareMemoryShareItsMiddle) {
  Graph graph = sample_network();
  fill_parameters(graph, kSeed);
  const Plan plan = plan_of(graph, Cut::ops, 2);
  const auto middle = [](const PlanTensor& t) { return t.offset + t.bytes() / 128 * 64; };
  int shared = 0;
  for (std::size_t a = 0; a < plan.tensors.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      const PlanTensor &s = plan.tensors[a], &t = plan.tensors[b];
      if (s.place != PlanTensor::arena || t.place != PlanTensor::arena) continue;
      if (s.offset + s.bytes() <= t.offset || t.offset + t.bytes() <= s.offset) continue;
      ++shared;
      EXPECT_LE(std::max(middle(s), middle(t)) - std::min(middle(s), middle(t)), 64u)
          << s.name << " and " << t.name;
    }
  EXPECT_GT(shared, 0);
}

TEST(Placement, TakesLittleMoreThanTheLargestLiveSet) {
  Graph graph = sample_network();
  fill_parameters(graph, kSeed);
  const Plan plan = plan_of(graph, Cut::ops);
  EXPECT_GE(plan.arena_bytes, plan.largest_live_bytes);
  EXPECT_LE(static_cast<double>(plan.arena_bytes),
            1.1 * static_cast<double>(plan.largest_live_bytes));
}

}  // namespace
}  // namespace halcyon
