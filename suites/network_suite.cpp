#include "suites/network_suite.h"

#include <cctype>
#include <map>

#include "kernels/error.h"

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

}  // namespace

PlannedNetwork planned_network(const std::string& what, const Request& request) {
  Graph graph = find_network(what, request.folders.networks, request.network);
  seed_parameters(graph, request.seed);
  Plan plan = plan_of(graph, request.cut, request.threads);
  return {std::move(graph), std::move(plan)};
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
    suite.cases.push_back(
        {id_of(call.name), call.problem, plan.network + " " + call.stage, class_of(call.problem)});
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
