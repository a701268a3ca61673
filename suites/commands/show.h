#pragma once
#include <string>
#include <vector>

#include "suites/request/run_plan.h"

namespace halcyon {

/// A problem's counts and bounds, algorithm, schedule, loop nest, lowered statement or assembly; a
/// network's counts; a suite's cases; a target's facts. `parts` of a problem: of counts, algorithm,
/// schedule, nest, stmt, assembly; empty: the first four. Of a network:
/// suites/commands/show_network.h.
std::string show(const RunPlan&, const std::vector<std::string>& parts, bool json);

}  // namespace halcyon
