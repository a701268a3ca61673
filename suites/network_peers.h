#pragma once
#include <string>
#include <vector>

#include "suites/graph/graph.h"
#include "suites/network_bundle.h"
#include "suites/peer.h"

namespace halcyon {

/// What the program of a network's bundle is timed on: `set`, an input and what must come of it,
/// NHWC of the whole batch, to `tolerance` of its range. Who takes part beside it, what they load
/// and on which cores is to be filled in.
PeerTask peer_task(const Graph&, const Bundle&, const NetworkSet& set, double tolerance);

/// Times other systems on a network beside the program of its bundle: they load the unfolded graph
/// as ONNX. `set`, `tolerance`: as for peer_task(). `root`: of the project, where their adapters
/// and `make peers` are; `cpus`: the cores that everybody is pinned to, one for each thread of the
/// bundle's kernels. Throws as compare_with_peers() and write_onnx() do.
PeerComparison compare_network(const Graph&, const Bundle&, const NetworkSet& set, double tolerance,
                               const std::string& root, const std::vector<int>& cpus,
                               const Protocol&);

}  // namespace halcyon
