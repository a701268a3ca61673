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

/// The cases of suites that the request's filter leaves, in each dtype that it asks for: another
/// than the line's is part of the id (`pw-14x14-i8`). Those that cannot be in one are left out, and
/// `left_out` says why. Error (exit 2) for an impossible problem and where nothing is left.
std::vector<NamedCase> cases_of(const RunPlan&, const std::vector<Suite>&,
                                std::vector<std::string>* left_out = nullptr);
/// Of all that the request names.
std::vector<NamedCase> cases_of(const RunPlan&, std::vector<std::string>* left_out = nullptr);

}  // namespace halcyon
