#pragma once
#include "suites/protocol/protocol.h"
#include "suites/runner/timing/probe.h"

namespace halcyon {

/// What the kernels' cores give together while all of them work: the best FMA rate and its spread
/// over half a second, and the read bandwidth of each level. `cpu` is the caller's.
MachineRates measure_rates(const ProbeKind&, int cpu);

}  // namespace halcyon
