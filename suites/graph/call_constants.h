#pragma once
#include "kernels/oracle/reference.h"
#include "suites/graph/fuse.h"

namespace halcyon {

/// The constants that a unit's problem reads, by the names of its tensors: weights and biases as
/// its dtype has them, and in i8 what scales and zero points come to. Takes what it can from the
/// graph's parameters. `unit`: as problem_of() leaves it.
Tensors call_constants(Graph&, const Unit&, const Problem&);

}  // namespace halcyon
