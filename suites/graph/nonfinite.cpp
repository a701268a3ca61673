#include "suites/graph/nonfinite.h"

#include <algorithm>
#include <cmath>

#include "suites/graph/reference.h"

namespace halcyon {
namespace {

template <class Values>
auto first_beyond(double most, const Values& values) {
  return std::find_if(values.begin(), values.end(),
                      [&](double v) { return !(std::abs(v) <= most); });
}

bool is_finite(const Tensor& output) {
  return with_values(output, [](auto values) {
    return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
  });
}

std::string number(double v) {
  if (std::isnan(v)) return "NaN";
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", v);
  return text;
}

}  // namespace

std::string why_not_finite(const Graph& graph, TensorView input,
                           const std::vector<Tensor>& outputs) {
  if (std::all_of(outputs.begin(), outputs.end(), is_finite)) return "";
  std::string why;
  run_reference(graph, input, [&](const Node& node, const std::vector<double>& values) {
    const DType dtype = graph.values[node.output].dtype;
    const auto found = first_beyond(largest_of(dtype), values);
    if (!why.empty() || found == values.end()) return;
    why = "in plain loops node '" + node.name + "' gives " + number(*found) + ", which " +
          std::string(to_text(dtype)) +
          " cannot hold: with weights like these there is nothing to compare";
  });
  return why.empty() ? "an output in plain loops is not finite" : why;
}

}  // namespace halcyon
