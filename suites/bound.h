#pragma once
#include "results/record.h"
#include "schedules/target.h"
#include "suites/meter.h"

namespace halcyon {

/// The least time the machine allows for one call: arithmetic inside the input at the peak rate,
/// each byte of arguments once at the read bandwidth of the level that they fit into. From rates of
/// the same run.
Bound bound_of(const Record&, const Target&, const MachineRates&);

}  // namespace halcyon
