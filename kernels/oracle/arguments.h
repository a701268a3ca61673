#pragma once
#include "kernels/oracle/fill.h"
#include "kernels/oracle/reference.h"

namespace halcyon {

/// Seeded values for every argument of a problem, the same on every machine. In i8 they are those
/// of the problem in f32, quantised: scales and zero points come from the ranges of its random run,
/// so that adversarial inputs saturate; weights are symmetric per output channel.
Tensors seeded_arguments(const Problem&, Fill, std::uint64_t seed);

}  // namespace halcyon
