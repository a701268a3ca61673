#include "suites/graph/nonfinite.h"

#include <gtest/gtest.h>

#include "suites/graph/reference.h"
#include "suites/graph/sample_graphs.h"

namespace halcyon {
namespace {

std::string why_of(const Graph& graph) {
  const std::vector<float> input(static_cast<std::size_t>(graph.input().shape.elements()), 0.5f);
  return why_not_finite(graph, input, reference_outputs(graph, input));
}

TEST(NonFinite, IsSaidOfTheFirstNodeWhoseResultF32CannotHold) {
  Graph graph = sample_network();
  fill_parameters(graph, 7);
  EXPECT_EQ(why_of(graph), "");
  for (Parameter& p : graph.parameters)  // finite, every one of them
    if (p.role == ParameterRole::weight &&
        (p.name.starts_with("mix") || p.name.starts_with("head")))
      p.assign(3e38);
  const std::string why = why_of(graph);
  EXPECT_EQ(why.find("in plain loops node '"), 0u) << why;
  EXPECT_NE(why.find("e+"), std::string::npos) << why;
}

}  // namespace
}  // namespace halcyon
