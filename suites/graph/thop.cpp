#include "suites/graph/thop.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "suites/graph/counts.h"

namespace halcyon {
namespace {

constexpr std::int64_t kNormOperations = 4;  // of an element: 2, doubled because affine

std::string line_of(const Node& node) { return to_text(node.op.in) + " | " + description_of(node); }

/// Null operations: thop has no rule for the node, or one that gives nothing.
ThopTerm term_of(const Graph& graph, const Node& node) {
  const std::int64_t elements = graph.shape_of(node.output).elements();
  if (node.functional) return {};
  if (node.kind == NodeKind::batchnorm)
    return {"batch norm of " + std::to_string(elements), elements * kNormOperations};
  if (node.kind != NodeKind::op) return {};
  if (node.op.word() == "gap") {
    const std::int64_t window = std::int64_t{node.op.in.h} * node.op.in.w;
    return {line_of(node), (window + 1) * elements};
  }
  return {node.parameters.empty() ? "" : line_of(node), macs_of(node)};
}

std::int64_t parameters_of(const Graph& graph, const Node& node) {
  std::int64_t sum = 0;
  for (const int p : node.parameters)
    if (is_counted(graph.parameters[p].role)) sum += graph.parameters[p].elements();
  return sum;
}

void add(std::vector<ThopTerm>& terms, const ThopTerm& term) {
  auto same = std::find_if(terms.begin(), terms.end(), [&](const ThopTerm& t) {
    return t.what == term.what && t.each == term.each;
  });
  if (same == terms.end()) same = terms.insert(terms.end(), term);
  ++same->count;
}

}  // namespace

ThopCount thop_count(const Graph& graph) {
  ThopCount counted;
  for (const Node& node : graph.nodes) {
    const std::int64_t parameters = parameters_of(graph, node);
    counted.all_parameters += parameters;
    counted.macs += macs_of(node);
    const ThopTerm term = term_of(graph, node);
    if (term.each == 0) continue;
    add(counted.terms, term);
    counted.operations += term.each;
    counted.parameters += parameters;
  }
  return counted;
}

std::string thop_printout(const ThopCount& counted) {
  char text[128];
  std::snprintf(text, sizeof text, "FLOPs: %.2fM\nParams: %.2fM\n",
                static_cast<double>(counted.operations) / 1e6,
                static_cast<double>(counted.parameters) / 1e6);
  return text;
}

nlohmann::json to_json(const ThopCount& counted) {
  nlohmann::json terms = nlohmann::json::array();
  for (const ThopTerm& t : counted.terms)
    terms.push_back({{"what", t.what}, {"each", t.each}, {"count", t.count}, {"total", t.total()}});
  return {{"version", "0.1.1"},
          {"terms", terms},
          {"operations", counted.operations},
          {"parameters", counted.parameters},
          {"printout", thop_printout(counted)}};
}

}  // namespace halcyon
