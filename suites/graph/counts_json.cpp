#include <nlohmann/json.hpp>

#include "suites/graph/counts.h"

namespace halcyon {
namespace {

using nlohmann::json;

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

}  // namespace halcyon
