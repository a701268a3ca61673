#pragma once
#include <vector>

#include "suites/graph/fuse.h"
#include "suites/graph/plan.h"

namespace halcyon {

/// Joins units that follow each other into chains, where the cut has a pattern for it and nobody
/// else reads what is between them.
std::vector<Unit> cut(const Graph&, std::vector<Unit>, const CutChoice&);

/// The problem of a unit whose input has this shape, of one image. A further input that is the
/// chain's own input becomes a `skip`, and is taken from the unit's inputs.
Problem problem_of(Unit&, const Shape& input);

}  // namespace halcyon
