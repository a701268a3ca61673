#pragma once
#include <string>
#include <vector>

#include "suites/cases/suite.h"
#include "suites/request/run_plan.h"

namespace halcyon {

/// A case under the name that it has in a run.
struct NamedCase {
  std::string id;  // unique in the run
  std::string suite;
  Case of;
  bool of_network = false;  // the suite is a network
};

/// What a word of the request stands for: a problem as a suite of one, a network as that of its
/// problems.
Suite suite_named(const NamedWord&, const RunPlan&);

/// The cases of suites that the request's filter leaves. Error (exit 2) for an impossible problem
/// and for a filter that leaves nothing.
std::vector<NamedCase> cases_of(const RunPlan&, const std::vector<Suite>&);
/// Of all that the request names.
std::vector<NamedCase> cases_of(const RunPlan&);

}  // namespace halcyon
