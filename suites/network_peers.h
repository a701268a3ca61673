#pragma once
#include <string>
#include <vector>

#include "suites/graph/graph.h"
#include "suites/network_bundle.h"
#include "suites/peer.h"

namespace halcyon {

/// Times other systems on a network beside the program of its bundle: they load the unfolded graph
/// as ONNX. `set`: an input and what must come of it, NHWC of the whole batch. `root`: of the
/// project, where their adapters and `make peers` are; `cpus`: the cores that everybody is pinned
/// to, one for each thread of the bundle's kernels.
/// Throws as compare_with_peers() and write_onnx() do.
PeerComparison compare_network(const Graph&, const Bundle&, const NetworkSet& set,
                               const std::string& root, const std::vector<int>& cpus,
                               const Protocol&);

}  // namespace halcyon
