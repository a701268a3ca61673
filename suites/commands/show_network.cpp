#include "suites/commands/show_network.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/problem/op_field.h"
#include "results/text/columns.h"
#include "results/text/format.h"
#include "suites/graph/counts.h"
#include "suites/graph/thop.h"
#include "suites/networks/network.h"
#include "suites/networks/planned_network.h"

namespace halcyon {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string grouped(std::int64_t n) { return count_text(static_cast<double>(n)); }
/// Nothing where there is nothing to say, so that what counts stands out.
std::string grouped_or_none(std::int64_t n) { return n ? grouped(n) : ""; }

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

std::string thop_table(const ThopCount& counted) {
  std::vector<std::vector<std::string>> rows = {{"module", "operations each", "count", "total"}};
  for (const ThopTerm& t : counted.terms)
    rows.push_back({t.what, grouped(t.each), std::to_string(t.count), grouped(t.total())});
  rows.push_back({"all", "", "", grouped(counted.operations)});
  return "What thop 0.1.1 prints\n" + thop_printout(counted) + "\n" + columns(rows) +
         "\nThis is neither MACs (" + grouped(counted.macs) + ") nor FLOPs (" +
         grouped(2 * counted.macs) +
         "): it adds 4 for each element of a batch norm,\nwhich inference folds away, and the "
         "divisions of average pooling. Of " +
         grouped(counted.all_parameters) + " parameters it sees " + grouped(counted.parameters) +
         ":\nit has no rule for modules such as layer scale.\n";
}

PlannedNetwork plan_for(const RunPlan& asked) {
  return outlined_network(asked.what.front().word, asked);
}

/// Where a tensor lies: "arena 602112", "input", "output".
std::string place_of(const PlanTensor& t) {
  if (t.place == PlanTensor::input) return "input";
  return t.place == PlanTensor::output ? "output" : "arena " + std::to_string(t.offset);
}

/// The calls in their order, with where their results lie.
std::string plan_table(const PlannedNetwork& planned) {
  const Plan& plan = planned.plan;
  std::vector<std::vector<std::string>> rows = {{"call", "stage", "problem", "result in"}};
  for (const PlanCall& call : plan.calls) {
    std::string where;
    for (std::size_t i = 0; i < call.arguments.size(); ++i)
      if (call.problem.tensors()[i].role == Role::output)
        where += (where.empty() ? "" : ", ") + place_of(plan.tensors[call.arguments[i].index]);
    rows.push_back({printable(call.name), printable(call.stage), call.problem.text(), where});
  }
  return "# from " + (planned.cut.fused.empty() ? plan.cut : "tuned") + ", " + planned.cut_why +
         "\n" + columns(rows) + "\n" + std::to_string(plan.calls.size()) + " calls, cut by " +
         plan.cut + "; arena of " + std::to_string(plan.arena_bytes) + " bytes, at most " +
         std::to_string(plan.largest_live_bytes) + " in use at once\n";
}

/// One part of what there is to show.
struct NetworkPart {
  const char* word;
  std::string (*text)(const Graph&, const NetworkCounts&, const RunPlan&);
};
constexpr NetworkPart kNetworkParts[] = {
    {"counts",
     [](const Graph& g, const NetworkCounts& c, const RunPlan&) { return counts_table(g, c); }},
    {"layers",
     [](const Graph& g, const NetworkCounts& c, const RunPlan&) { return nodes_table(g, c); }},
    {"shapes",
     [](const Graph&, const NetworkCounts& c, const RunPlan&) { return shapes_table(c); }},
    {"thop", [](const Graph& g, const NetworkCounts&,
                const RunPlan&) { return thop_table(thop_count(g)); }},
    {"plan",
     [](const Graph&, const NetworkCounts&, const RunPlan& r) { return plan_table(plan_for(r)); }},
};

const NetworkPart& part_called(const std::string& word) {
  std::vector<std::string> known;
  for (const NetworkPart& part : kNetworkParts) {
    if (word == part.word) return part;
    known.push_back(part.word);
  }
  throw usage_error("--part " + with_guess(word, known) + ": of a network allowed are " +
                    joined(known));
}

}  // namespace

std::string show_network(const RunPlan& asked, const std::vector<std::string>& parts,
                         bool as_json) {
  const Graph graph =
      find_network(asked.what.front().word, asked.request.folders.networks, asked.request.network);
  const NetworkCounts counts = count(graph);
  std::string text;
  for (const std::string& word : parts.empty() ? std::vector<std::string>{"counts"} : parts)
    text +=
        (text.empty() ? "" : "\n-- " + word + "\n") + part_called(word).text(graph, counts, asked);
  if (!as_json) return text;
  nlohmann::json all = to_json(graph, counts);
  all["thop"] = to_json(thop_count(graph));
  if (std::count(parts.begin(), parts.end(), "plan")) all["plan"] = to_json(plan_for(asked).plan);
  return all.dump(2) + "\n";
}

}  // namespace halcyon
