#include "suites/graph/nonfinite.h"

#include <gtest/gtest.h>

#include "suites/graph/reference.h"
#include "suites/graph/sample_graphs.h"

namespace halcyon {
namespace {

std::string why_of(const Graph& graph) {
  const std::vector<float> input(static_cast<std::size_t>(graph.input().shape.elements()), 0.5f);
  std::vector<std::vector<float>> outputs;
  for (const auto& output : run_reference(graph, input))
    outputs.emplace_back(output.begin(), output.end());
  return why_not_finite(graph, input, outputs);
}

TEST(NonFinite, IsSaidOfTheFirstNodeWhoseResultF32CannotHold) {
  Graph graph = sample_network();
  fill_parameters(graph, 7);
  EXPECT_EQ(why_of(graph), "");
  for (Parameter& p : graph.parameters)  // finite, every one of them
    if (p.name.starts_with("block1.project") && p.role == ParameterRole::weight)
      for (float& v : p.values) v *= 3e38f;
  const std::string why = why_of(graph);
  EXPECT_NE(why.find("node 'block1.project' gives "), std::string::npos) << why;
  EXPECT_NE(why.find("e+"), std::string::npos) << why;
}

}  // namespace
}  // namespace halcyon
