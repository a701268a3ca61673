#pragma once
#include "suites/meter.h"
#include "suites/network_measured.h"
#include "suites/runner/bundled_network.h"

namespace halcyon {

/// Times the network of a bundle on its first input set: runs of the whole and, in random order
/// between them, runs with a reading of the clock after each call. Outputs, weights and input are
/// checked before and after, on the very buffers. State `warm`: run after run; `cold`: memory of
/// more than the last-level cache is read before each. Throws std::runtime_error for another state.
NetworkMeasured time_network(const OpenBundle&, const Protocol&);

}  // namespace halcyon
