#include "suites/graph/nonfinite.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "suites/graph/reference.h"

namespace halcyon {
namespace {

constexpr double kMost = std::numeric_limits<float>::max();

template <class Values>
auto first_beyond(const Values& values) {
  return std::find_if(values.begin(), values.end(),
                      [](double v) { return !(std::abs(v) <= kMost); });
}

std::string number(double v) {
  if (std::isnan(v)) return "NaN";
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", v);
  return text;
}

}  // namespace

std::string why_not_finite(const Graph& graph, const std::vector<float>& input,
                           const std::vector<std::vector<float>>& outputs) {
  if (std::all_of(outputs.begin(), outputs.end(),
                  [](const auto& output) { return first_beyond(output) == output.end(); }))
    return "";
  std::string why;
  run_reference(graph, input, [&](const Node& node, const std::vector<double>& values) {
    const auto found = first_beyond(values);
    if (!why.empty() || found == values.end()) return;
    why = "in plain loops node '" + node.name + "' gives " + number(*found) +
          ", which f32 cannot hold: with weights like these there is nothing to compare";
  });
  return why.empty() ? "an output in plain loops is not finite" : why;
}

}  // namespace halcyon
