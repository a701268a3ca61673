#pragma once
#include <optional>
#include <string>
#include <vector>

#include "suites/cases/suite.h"
#include "suites/graph/graph.h"
#include "suites/graph/plan.h"
#include "suites/request/run_plan.h"

namespace halcyon {

/// A network as a request asks for it: its graph with values for every parameter, seeded where its
/// source has none, and how it is cut.
struct PlannedNetwork {
  Graph graph;
  Plan plan;
  CutChoice cut;                     // that the plan has
  std::string cut_why = {};          // one line: where the cut is from
  bool cut_stale = false;            // one is kept, but the graph no longer has its chains
  std::optional<Graph> source = {};  // that `graph` was made of, where it was quantised here
};
/// Without a cut in the request: as is kept for this network, input and number of threads, by this
/// model of CPU, else by the target's family, else `ops`. Throws as find_network(),
/// read_tuned_plans() and plan_of() do. `dtype`: what it is to compute in; none: as its file says.
/// Error (exit 2) where it cannot.
PlannedNetwork planned_network(const std::string& what, const RunPlan&,
                               std::optional<DType> dtype = {});

/// The same without values of its own: every one is 1. For those who want to know of a plan only
/// which problems it has; seeding a network runs it.
PlannedNetwork outlined_network(const std::string& what, const RunPlan&,
                                std::optional<DType> dtype = {});

/// In what a request asks for each network, in turn: its dtypes, or one that says nothing.
std::vector<std::optional<DType>> dtypes_of_networks(const Request&);

/// The distinct problems of a plan as a suite: a case for each, named after the first call that has
/// it, `count` of them in one pass.
Suite suite_of(const Plan&);

/// The case of each call, by its place in suite_of(plan).cases.
std::vector<std::size_t> case_of_calls(const Plan&);

}  // namespace halcyon
