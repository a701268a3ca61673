#pragma once
#include <string>
#include <vector>

#include "suites/request/run_plan.h"

namespace halcyon {

/// A network's counts: the whole, stages and kinds of layers; a row for each node; a row for each
/// shape of layer; what thop 0.1.1 would print, and why. `parts`: of counts, layers, shapes, thop;
/// empty: the first. JSON has all of them.
std::string show_network(const RunPlan&, const std::vector<std::string>& parts, bool json);

}  // namespace halcyon
