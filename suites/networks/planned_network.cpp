#include "suites/networks/planned_network.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>

#include "kernels/error.h"
#include "schedules/tuned/tuned_plans.h"
#include "suites/cases/class_of.h"
#include "suites/networks/input_files.h"
#include "suites/networks/network.h"

namespace halcyon {
namespace {

constexpr std::size_t kLongestId = 128;

/// A call's name with '-' for what an id may not hold.
std::string id_of(const std::string& name) {
  std::string id = name.substr(0, kLongestId);
  for (char& c : id)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '_') c = '-';
  return id;
}

/// By the nearest entry whose chains the graph has.
PlannedNetwork planned_as_kept(Graph graph, const RunPlan& asked) {
  const Request& request = asked.request;
  PlannedNetwork planned{std::move(graph), {}, {}};
  const std::string input = to_text(planned.graph.input().shape);
  std::vector<OfferedPlan> offers;
  if (!request.folders.tuned.empty())
    offers = tuned_plans_for(request.folders.tuned, asked.target.family, planned.graph.name, input,
                             request.threads, asked.cpu);
  planned.cut_why = "no tuned plan of " + planned.graph.name + " for " + input;
  for (const OfferedPlan& offer : offers) {
    CutChoice cut;
    for (const TunedChain& chain : offer.plan.fused) cut.fused.push_back(chain.problem);
    Plan plan = plan_of(planned.graph, cut, request.threads);
    const auto gone =
        std::find_if(cut.fused.begin(), cut.fused.end(),
                     [&](const std::string& line) { return !has_problem(plan, line); });
    if (gone == cut.fused.end()) {
      planned.plan = std::move(plan);
      planned.cut = std::move(cut);
      planned.cut_why = offer.from;
      planned.cut_stale = false;
      return planned;
    }
    if (!planned.cut_stale)  // the nearest one is what a person would mend
      planned.cut_why =
          offer.from + " is stale: " + planned.graph.name + " has no chain '" + *gone + "'";
    planned.cut_stale = true;
  }
  planned.plan = plan_of(planned.graph, planned.cut, request.threads);
  return planned;
}

PlannedNetwork planned(Graph graph, const RunPlan& asked) {
  const std::optional<Cut>& cut = asked.request.cut;
  if (!cut) return planned_as_kept(std::move(graph), asked);
  Plan plan = plan_of(graph, *cut, asked.request.threads);
  return {std::move(graph), std::move(plan), *cut, "as asked for"};
}

/// Whether a graph is to be taken to a dtype. Error (exit 2) where it is of another one.
bool is_to_change(const Graph& graph, std::optional<DType> dtype) {
  const DType has = dtype_of(graph);
  if (!dtype || *dtype == has) return false;
  if (has != DType::f32)
    throw usage_error("--dtype " + std::string(to_text(*dtype)) + ": " + graph.name + " is in " +
                      std::string(to_text(has)) + "; allowed: that alone");
  return true;
}

PlannedNetwork planned(Graph source, const RunPlan& asked, std::optional<DType> dtype,
                       const std::function<Graph(const Graph&)>& change) {
  if (!is_to_change(source, dtype)) return planned(std::move(source), asked);
  PlannedNetwork made = planned(change(source), asked);
  made.source = std::move(source);
  return made;
}

}  // namespace

PlannedNetwork planned_network(const std::string& what, const RunPlan& asked,
                               std::optional<DType> dtype) {
  const Request& request = asked.request;
  Graph graph = find_network(what, request.folders.networks, request.network);
  seed_parameters(graph, request.seed);
  return planned(std::move(graph), asked, dtype, [&](const Graph& source) {
    return *dtype == DType::i8 ? in_i8(source, calibration_of(request, source))
                               : in_16_bits(source, *dtype);
  });
}

PlannedNetwork outlined_network(const std::string& what, const RunPlan& asked,
                                std::optional<DType> dtype) {
  Graph graph = find_network(what, asked.request.folders.networks, asked.request.network);
  for (Parameter& p : graph.parameters)
    if (p.values.empty()) p.assign(1);
  return planned(std::move(graph), asked, dtype, [&](const Graph& source) {
    return *dtype == DType::i8 ? in_i8(source, [](int) { return Quantisation(); })
                               : in_16_bits(source, *dtype);
  });
}

std::vector<std::optional<DType>> dtypes_of_networks(const Request& request) {
  if (request.dtypes.empty()) return {std::nullopt};
  return {request.dtypes.begin(), request.dtypes.end()};
}

Suite suite_of(const Plan& plan) {
  Suite suite;
  suite.name = plan.network;
  suite.description = "The distinct problems of " + plan.network + ", cut by " + plan.cut;
  suite.source = plan.network;
  suite.network = true;
  const std::vector<std::size_t> cases = case_of_calls(plan);
  for (std::size_t i = 0; i < plan.calls.size(); ++i) {
    const PlanCall& call = plan.calls[i];
    if (cases[i] < suite.cases.size()) {
      ++suite.cases[cases[i]].count;
      continue;
    }
    const Problem& problem = call.problem;
    suite.cases.push_back(
        {id_of(call.name), problem, plan.network + " " + call.stage, class_of(problem)});
    if (problem.dtype() == DType::f32) continue;
    Case& low = suite.cases.back();
    low.id += "-" + std::string(to_text(problem.dtype()));
    low.kernel_class = std::string(to_text(problem.dtype())) + " " + low.kernel_class;
  }
  return suite;
}

std::vector<std::size_t> case_of_calls(const Plan& plan) {
  std::map<std::string, std::size_t> known;
  std::vector<std::size_t> cases;
  for (const PlanCall& call : plan.calls)
    cases.push_back(known.try_emplace(call.problem.text(), known.size()).first->second);
  return cases;
}

}  // namespace halcyon
