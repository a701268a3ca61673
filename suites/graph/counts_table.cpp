#include <nlohmann/json.hpp>

#include "results/columns.h"
#include "results/format.h"
#include "suites/graph/counts.h"

namespace halcyon {
namespace {

using nlohmann::json;
using Rows = std::vector<std::vector<std::string>>;

std::string grouped(std::int64_t n) { return count_text(static_cast<double>(n)); }
/// Nothing where there is nothing to say, so that what counts stands out.
std::string grouped_or_none(std::int64_t n) { return n ? grouped(n) : ""; }

json to_json(const Tally& t) {
  return {{"parameters", t.parameters},
          {"folded_parameters", t.folded_parameters},
          {"macs", t.macs},
          {"weight_bytes", t.weight_bytes()},
          {"layers", t.layers},
          {"activation_bytes", t.activation_bytes}};
}

json to_json(const std::vector<NamedTally>& groups) {
  json array = json::array();
  for (const NamedTally& g : groups) {
    array.push_back(to_json(g.tally));
    array.back()["name"] = g.name;
  }
  return array;
}

std::string share(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return "";
  return fixed(100.0 * static_cast<double>(part) / static_cast<double>(whole), 1) + " %";
}

std::vector<std::string> row_of(const std::string& name, const Tally& t, const Tally& whole) {
  return {name,
          std::to_string(t.layers),
          grouped(t.parameters),
          grouped(t.folded_parameters),
          grouped(t.macs),
          share(t.macs, whole.macs),
          bytes_text(static_cast<double>(t.weight_bytes())),
          bytes_text(static_cast<double>(t.activation_bytes))};
}

Rows rows_of(const std::string& head, const std::vector<NamedTally>& groups, const Tally& whole) {
  Rows rows = {{head, "layers", "parameters", "folded", "MACs", "share", "weights", "activations"}};
  for (const NamedTally& g : groups) rows.push_back(row_of(g.name, g.tally, whole));
  return rows;
}

std::string outputs_text(const Graph& graph) {
  std::string text;
  for (const int v : graph.outputs) text += (text.empty() ? "" : ", ") + to_text(graph.shape_of(v));
  return text;
}

std::string activations_text(const NetworkCounts& counts) {
  std::string text;
  for (const auto& [act, elements] : counts.activations)
    text += (text.empty() ? "" : ", ") + std::string(to_text(act)) + " " + grouped(elements);
  return text.empty() ? "none" : text;
}

}  // namespace

json to_json(const Graph& graph, const NetworkCounts& counts) {
  json nodes = json::array(), shapes = json::array(), outputs = json::array();
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    nodes.push_back(to_json(counts.nodes[i]));
    nodes.back().update({{"name", node.name},
                         {"stage", node.stage},
                         {"what", description_of(node)},
                         {"output", to_text(graph.shape_of(node.output))}});
  }
  for (const LayerShape& s : counts.shapes)
    shapes.push_back({{"problem", s.problem},
                      {"count", s.count},
                      {"macs", s.macs},
                      {"parameters", s.parameters}});
  for (const int v : graph.outputs) outputs.push_back(to_text(graph.shape_of(v)));
  json activations = json::object();
  for (const auto& [act, elements] : counts.activations)
    activations[std::string(to_text(act))] = elements;
  return {{"network", graph.name},
          {"source", graph.source},
          {"input", to_text(graph.input().shape)},
          {"outputs", outputs},
          {"whole", to_json(counts.whole)},
          {"idle_parameters", graph.idle_parameters},
          {"stages", to_json(counts.stages)},
          {"kinds", to_json(counts.kinds)},
          {"nodes", nodes},
          {"shapes", shapes},
          {"activations", activations},
          {"residual_adds", counts.residual_adds}};
}

std::string counts_table(const Graph& graph, const NetworkCounts& counts) {
  const Tally& whole = counts.whole;
  Rows head = {{"network", graph.name},
               {"source", printable(graph.source)},
               {"input", to_text(graph.input().shape)},
               {"output", outputs_text(graph)},
               {"parameters", grouped(whole.parameters) + ", " + grouped(whole.folded_parameters) +
                                  " once batch norm and scales are folded"},
               {"MACs", grouped(whole.macs)},
               {"layers", std::to_string(whole.layers) + " of " +
                              std::to_string(counts.shapes.size()) + " shapes"},
               {"activations", activations_text(counts)},
               {"additions", grouped(counts.residual_adds)}};
  if (graph.idle_parameters > 0)
    head.insert(head.begin() + 5,
                {"idle", grouped(graph.idle_parameters) +
                             " more parameters that the source builds and never uses"});
  Rows stages = rows_of("stage", counts.stages, whole);
  stages.push_back(row_of("whole", whole, whole));
  return columns(head) + "\n" + columns(stages) + "\n" +
         columns(rows_of("kind of layer", counts.kinds, whole));
}

std::string nodes_table(const Graph& graph, const NetworkCounts& counts) {
  Rows rows = {
      {"node", "stage", "what", "output", "parameters", "folded", "MACs", "activation bytes"}};
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const Tally& t = counts.nodes[i];
    rows.push_back({printable(node.name), printable(node.stage), description_of(node),
                    to_text(graph.shape_of(node.output)), grouped_or_none(t.parameters),
                    grouped_or_none(t.folded_parameters), grouped_or_none(t.macs),
                    grouped_or_none(t.activation_bytes)});
  }
  return columns(rows);
}

std::string shapes_table(const NetworkCounts& counts) {
  Rows rows = {{"layer", "count", "MACs each", "parameters each"}};
  for (const LayerShape& s : counts.shapes)
    rows.push_back({s.problem, std::to_string(s.count), grouped(s.macs), grouped(s.parameters)});
  return columns(rows);
}

}  // namespace halcyon
