#pragma once
#include <vector>

#include "suites/graph/fuse.h"
#include "suites/graph/plan.h"

namespace halcyon {

/// Joins units that follow each other into chains, where the cut has a pattern for it and nobody
/// else reads what is between them.
std::vector<Unit> cut(const Graph&, std::vector<Unit>, Cut);

}  // namespace halcyon
