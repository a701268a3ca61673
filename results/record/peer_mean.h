#pragma once
#include <string>
#include <vector>

#include "results/record/stats.h"

namespace halcyon {

/// Geometric mean over the network cases of a class of a peer's time over ours, with an interval
/// over the cases.
struct PeerMean {
  std::string kernel_class;          // empty: of all classes
  std::string peer;                  // empty: of the best one of each case
  Interval ratio;                    // 0 where no case has one
  int cases = 0;                     // that have a ratio
  std::vector<std::string> without;  // ids of those that have none, and are left out
  bool operator==(const PeerMean&) const = default;
};

}  // namespace halcyon
