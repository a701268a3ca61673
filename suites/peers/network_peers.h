#pragma once
#include <string>

#include "suites/bundle/network_bundle.h"
#include "suites/graph/graph.h"
#include "suites/peers/compare_peers.h"

namespace halcyon {

/// What the program of a network's bundle and others are timed on: `set`, an input and what must
/// come of it, NHWC of the whole batch, to `tolerance` of its range, but no closer than systems of
/// f32 are from each other. On the device, which must outlive it; on which cores of it, and for how
/// long, is to be filled in.
PeerTask peer_task(const Device&, const Graph&, const Bundle&, const NetworkSet& set,
                   double tolerance);

/// Holds it against the adapters in `root`, of the project, that `make peers` installed: they load
/// the unfolded graph as ONNX. Throws as compare_with_peers() and write_onnx() do.
PeerComparison compare_network(const Graph&, PeerTask, const std::string& root);

}  // namespace halcyon
