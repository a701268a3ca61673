#pragma once
#include "kernels/algorithms/algorithm.h"
#include "schedules/language/step.h"

namespace halcyon {

/// Carries out one step of those that `step_ops()` calls rewrites. Throws step_error.
void rewrite(Algorithm&, const Step&);

}  // namespace halcyon
