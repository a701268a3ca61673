#pragma once
#include "suites/protocol/network_measured.h"
#include "suites/protocol/protocol.h"

namespace halcyon {

// One figure from several processes, one after the other, since two processes of one program differ
// by 1 to 2 %, by where their memory lies: what they differ by is then in the record.

/// What one of protocol.processes is held to: its share of the samples and of the time. Whether all
/// together are enough is seen at the end.
Protocol protocol_of_process(const Protocol&, int process);

/// Adds what one process gave. A failure is that of all of them.
void join_process(Measured& all, const Measured& one, int process);
void join_process(NetworkMeasured& all, const NetworkMeasured& one, int process);

/// Outcome and reason of all samples together, by the gate's rules; of a network also the times of
/// its calls.
void settle_processes(Measured&, const Protocol&);
void settle_processes(NetworkMeasured&, const Protocol&);

/// Whether one more process is asked, after so many: each of protocol.processes, and as many again
/// of what has samples enough and is noisy by their scatter alone, which more of them narrow.
bool wants_another(const Measured&, const Protocol&, int processes);
bool wants_another(const NetworkMeasured&, const Protocol&, int processes);

/// Whether a further process can add anything.
inline bool may_go_on(Outcome outcome) {
  return outcome == Outcome::ok || outcome == Outcome::noisy;
}

}  // namespace halcyon
