#pragma once
#include <string>

#include "suites/meter.h"
#include "suites/runner/probe.h"

namespace halcyon {

/// Pins this process to `cpu`, or when that is -1 to the allowed core with the best median probe,
/// and returns the core. Throws std::runtime_error when it is not allowed here.
int pin_to_best(const ProbeKind&, int cpu);

/// What the core gives: the best FMA rate and its spread over half a second, and the read bandwidth
/// of each level.
MachineRates measure_rates(const ProbeKind&, int cpu);

}  // namespace halcyon
