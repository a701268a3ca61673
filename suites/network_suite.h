#pragma once
#include <string>
#include <vector>

#include "suites/graph/plan.h"
#include "suites/suite.h"

namespace halcyon {

/// The distinct problems of a plan as a suite: a case for each, named after the first call that has
/// it, `count` of them in one pass.
Suite suite_of(const Plan&);

/// The case of each call, by its place in suite_of(plan).cases.
std::vector<std::size_t> case_of_calls(const Plan&);

}  // namespace halcyon
