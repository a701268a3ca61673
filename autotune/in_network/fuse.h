#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "autotune/in_network/rank.h"

namespace halcyon {

/// How a network may be cut otherwise.
struct NetworkToFuse {
  std::function<Plan(const CutChoice&)> plan_of;
  CutChoice cut;  // as it is: `ops` and maybe chains
  std::map<std::string, NamedCandidate>
      candidates;  // for each problem of `ops` and of `blocks`, by its line
};

/// Goes through the chains that `blocks` makes problems of and `ops` does not, as far as they hold
/// a problem that was ranked, the greatest share first: the network with the chain fused at all its
/// places against the one with its ops apart, each problem with the schedule that ranking chose,
/// others as in `candidates`. What decides is the time of the calls that compute the chain's nodes
/// and of those behind them, which are the same nodes in both, in paired runs, by the `winner`
/// rule: what is apart is fused when that is better, what is fused is taken apart when it is worse.
/// What was chosen is the next chain's incumbent. Adds `chains` to what ranking gave; after an
/// interrupt those not yet compared stay as they were. What the ledger knows is not measured again.
void fuse_in_network(InNetwork&, const NetworkToFuse&, std::uint64_t seed, NetworkWorker&, Ledger&,
                     RankingListener&);

/// A row for each chain.
std::string fused_table(const InNetwork&);

}  // namespace halcyon
