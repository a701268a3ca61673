#pragma once
#include <string>
#include <vector>

#include "results/record/peer_mean.h"
#include "results/record/record.h"

namespace halcyon {

/// The cases that other systems were timed beside, in their order.
std::vector<const Record*> cases_with_peers(const std::vector<Record>&);
/// The names of those systems, in the order of first appearance.
std::vector<std::string> peers_of(const std::vector<const Record*>&);
/// The result of one of them; null where it took no part.
const PeerResult* result_of(const Record&, const std::string& peer);

/// By class in the order of first appearance, then of all of them: the best peer of each case, then
/// each peer by itself. Odd cases are left out, and classes of odd cases only.
std::vector<PeerMean> peer_means(const std::vector<const Record*>&);

/// "onednn: nhwc, any; litert: nhwc": how their tensors lay, a line.
std::string layouts_of_peers(const std::vector<const Record*>&);

}  // namespace halcyon
