#pragma once
#include "autotune/search/lineup.h"
#include "autotune/search/worker.h"

namespace halcyon {

/// Measures candidates of one problem interleaved, under warm and, where there are weights,
/// cold-weights, each in several processes: memory lies elsewhere in each, which alone can make a
/// difference of some percent. Counts are exact and need one.
std::vector<Interleaved> compare_thoroughly(Workplace&, const std::vector<NamedCandidate>&);

}  // namespace halcyon
