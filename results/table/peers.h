#pragma once
#include <string>

#include "results/record/peer_record.h"

namespace halcyon {

/// A row per system: version, time, percent of peak, peer over ours with its interval and sign;
/// then the best peer in one line; another build is no peer.
std::string peers_table(const PeerComparison&);

}  // namespace halcyon
