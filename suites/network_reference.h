#pragma once
#include <cstdint>
#include <vector>

#include "suites/graph/graph.h"
#include "suites/network_bundle.h"
#include "suites/progress.h"

namespace halcyon {

/// Largest error of a network's outputs, of their range; forms of activations add up.
constexpr double kNetworkTolerance = 1e-4;
constexpr int kNetworkInputs = 2;

/// Seeded inputs, and what the unfolded graph makes of them in plain loops.
std::vector<NetworkSet> reference_sets(const Graph&, const Plan&, std::uint64_t seed, Progress&);

}  // namespace halcyon
