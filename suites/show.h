#pragma once
#include <string>
#include <vector>

#include "suites/request.h"

namespace halcyon {

/// A problem's counts and bounds, algorithm, schedule, loop nest, lowered statement or assembly; a
/// suite's cases; a target's facts. `parts`: of counts, algorithm, schedule, nest, stmt, assembly;
/// empty: the first four.
std::string show(const Request&, const std::vector<std::string>& parts, bool json);

}  // namespace halcyon
