#include "suites/peers/problem_graph.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/oracle/fill.h"
#include "kernels/problem/op.h"
#include "suites/cases/suite.h"
#include "suites/graph/reference.h"

namespace halcyon {
namespace {

Tensors values_of(const Problem& problem) {
  Tensors values;
  for (const TensorSpec& spec : problem.tensors())
    if (spec.role != Role::output) values[spec.name] = fill(spec, problem, Fill::random, 3);
  return values;
}

void expect_near(const std::vector<double>& found, const Tensor& wanted, double factor) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double value = wanted.at(i) * factor;
    ASSERT_NEAR(found[i], value, 1e-6 * std::max(1.0, std::abs(value))) << i;
  }
}

TEST(ProblemGraph, ComputesWhatTheProblemDoesAndMeansForSums) {
  int compared = 0;
  for (const Case& c : find_suite("tiny", HALCYON_SOURCE_DIR "/suites/micro").cases) {
    if (c.problem.ops().front().kind->alone) continue;  // of two dtypes
    SCOPED_TRACE(c.problem.text());
    const Tensors values = values_of(c.problem);
    const Graph graph = graph_of(c.problem, values);
    EXPECT_EQ(graph.source, c.problem.text());
    EXPECT_EQ(parameters_of(graph), c.problem.parameters());
    EXPECT_EQ(macs_of(graph), c.problem.macs());
    if (!graph.further_inputs.empty()) continue;  // plain loops of graphs read one input
    const auto found = run_reference(graph, values.at("in"));
    const Tensors wanted = reference(c.problem, values);
    std::size_t next = 0;
    for (const TensorSpec& spec : c.problem.tensors()) {
      if (spec.role != Role::output) continue;
      const Shape& map = c.problem.ops()[spec.op].out;
      expect_near(found.at(next++), wanted.at(spec.name),
                  spec.name == "out" ? 1 : 1. / (map.h * map.w));
    }
    EXPECT_EQ(found.size(), next);
    ++compared;
  }
  EXPECT_GT(compared, 40);
}

TEST(ProblemGraph, WhatIsReadBesideTheInputIsAFurtherInputInItsOrder) {
  const Problem problem = Problem::parse("2x3x5x8 | scale | pw 4 add | tokensum");
  const Graph graph = graph_of(problem, values_of(problem));
  ASSERT_EQ(graph.further_inputs.size(), 3u);
  const std::vector<Shape> shapes = {{1, 1, 1, 8}, {2, 3, 5, 4}, {2, 3, 5, 1}};
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    EXPECT_EQ(graph.values[graph.further_inputs[i]].name, "x" + std::to_string(i + 1));
    EXPECT_EQ(graph.shape_of(graph.further_inputs[i]), shapes[i]);
  }
}

TEST(ProblemGraph, ALinearLayerIsASingleNode) {
  const Problem problem = Problem::parse("2x1x1x8 | linear 4 add");
  const Graph graph = graph_of(problem, values_of(problem));
  EXPECT_EQ(graph.nodes.size(), 2u);
  EXPECT_TRUE(graph.input().flat);
  EXPECT_TRUE(graph.values[graph.further_inputs.at(0)].flat);
}

}  // namespace
}  // namespace halcyon
