#pragma once
#include "kernels/algorithms/algorithm.h"
#include "schedules/language/step.h"

namespace halcyon {

/// Rewrites `a` and schedules it: rewrites in order, then bounds, strides and alignment of every
/// argument, then directives (places in a nest last, so that line order does not matter for them).
/// Activations that no `act` step chose get their precise form. The only caller of Halide's
/// scheduling methods. Throws Error (exit 2) with the line, the step, and what there is instead.
void apply_schedule(Algorithm& a, const Problem&, const Schedule&);

}  // namespace halcyon
