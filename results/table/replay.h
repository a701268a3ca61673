#pragma once
#include <string>
#include <vector>

#include "results/figures/replayed.h"

namespace halcyon {

/// A table per space, and one over all when there are several. Of at least one space.
std::string replay_table(const std::vector<ReplayedSpace>&);

}  // namespace halcyon
