#pragma once
#include <vector>

#include "suites/request/run_plan.h"
#include "suites/trials/named_candidate.h"

namespace halcyon {

/// The candidates of these cases, by the request's source, sweep, point or own schedule; its rivals
/// stand behind each. Error (exit 2) for a point that is none, for a schedule of several problems,
/// and as TunedStore says.
std::vector<NamedCandidate> candidates_of(const RunPlan&, const std::vector<NamedCase>&);
/// Of all cases that the request names.
std::vector<NamedCandidate> candidates_of(const RunPlan&);

}  // namespace halcyon
