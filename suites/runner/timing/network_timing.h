#pragma once
#include <cstddef>
#include <vector>

#include "suites/protocol/network_measured.h"
#include "suites/protocol/protocol.h"
#include "suites/runner/bundle/bundled_network.h"

namespace halcyon {

/// Times networks of a bundle, by their place in OpenBundle::networks(), on their first input set:
/// runs of the whole and runs with a reading of the clock after each call, those of all networks
/// interleaved in random order, so that samples of one number are of one round. Outputs, weights
/// and input are checked before and after, on the very buffers; one that fails before is not timed,
/// one that crashes ends the timing of all. State `warm`: run after run; `cold`: memory of more
/// than the last-level cache is read before each. Throws std::runtime_error for another state.
std::vector<NetworkMeasured> time_networks(const OpenBundle&, const std::vector<std::size_t>& which,
                                           const Protocol&);

}  // namespace halcyon
