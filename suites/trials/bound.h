#pragma once
#include "results/record/record.h"
#include "schedules/targets/target.h"
#include "suites/protocol/protocol.h"

namespace halcyon {

/// The rates with the bandwidth of L3 as samples' own probes found it, the median of those that
/// count: what a neighbour takes of it changes within a run, and the times change with it. As they
/// are where there are no such probes.
MachineRates rates_around(const std::vector<Sample>&, MachineRates);

/// The least time the machine allows for one call: arithmetic inside the input at the peak rate,
/// each byte of arguments once at the read bandwidth of the level that they fit into. From rates of
/// the same run.
Bound bound_of(const Record&, const Target&, const MachineRates&);

/// The same of a call in the middle of a network that keeps so many bytes in memory: its weights
/// come from the level that all of that fits into, for a whole run lies between two uses of them;
/// what else it reads and writes from the level that those bytes fit into. `level`: of the two the
/// one that takes longer.
Bound bound_in_network(const Record&, const Target&, const MachineRates&,
                       std::int64_t network_bytes);

}  // namespace halcyon
