#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "autotune/in_network/network_worker.h"
#include "autotune/in_network/ranking_listener.h"
#include "autotune/search/decision.h"
#include "autotune/search/ledger.h"
#include "autotune/search/search.h"

namespace halcyon {

/// The state that evidence of whole runs names, as kInNetwork is that of calls.
inline constexpr const char* kWholeRun = "whole network";

/// One distinct problem of a network, its schedules compared inside the running network.
struct RankedProblem {
  NamedCase of;
  double share = 0;  // of the problems that were searched: by the start's time
  const SearchResult* search = nullptr;
  std::vector<std::size_t> alternatives;  // among its trials; the incumbent first
  Decision decision;                      // over the others, in state in-network
  std::vector<Evidence> over_start;       // by alternative; empty where nothing was measured
  std::optional<Evidence> whole;          // of the choice: the incumbent's whole run over its own
  std::size_t chosen() const {            // among alternatives
    return decision.winner ? *decision.winner + 1 : 0;
  }
  const Searched& choice() const { return search->trials[alternatives[chosen()]]; }
};

/// A chain that the cut `blocks` makes one problem, compared inside the running network with its
/// ops apart.
struct RankedChain {
  std::string problem;
  int places = 0;
  double share = 0;  // of the problems that were searched: that of its ops, or of itself
  bool before = false, fused = false;  // whether the plan has it: as it was; as it is now
  std::optional<Evidence> evidence;    // of its calls and those behind them: apart over fused
  std::optional<Evidence> whole;       // of whole runs
  std::string why;                     // one line for a person
};

/// What ranking inside a network gave.
struct InNetwork {
  std::string network;
  std::vector<RankedProblem> problems;  // the greatest share first
  std::optional<Evidence> whole;        // the run with every start over the run with every choice;
                                        // none where they are the same, or after an interrupt
  double start_ns = 0, chosen_ns = 0;   // medians of these runs, of the batch; 0 without
  std::vector<std::string> unranked;    // problems whose start has no figure, and why: they stay
                                        // as they are
  std::string input;                    // "1x224x224x3"
  std::vector<RankedChain> chains;      // the greatest share first
  /// Lines of all chains that the network has, ranked or not; none where none were looked for.
  std::optional<std::vector<std::string>> all_chains;
};

/// A network whose problems were searched. `form`: how it runs when nothing is changed; `searches`:
/// of problems among its own, others stay as they are. All must outlive the result.
struct NetworkToRank {
  NetworkForm form;
  std::vector<const SearchResult*> searches;
};

/// The trials of a search that are worth a run of the network: first what its decision chose, then
/// the start, then up to three of those within a tenth of the fastest, then `known` (what is kept)
/// where it was tried. Each schedule once; only such as gave a figure.
std::vector<std::size_t> alternatives_of(const SearchResult&, std::span<const Point> known);

/// Goes through the problems of a network, the greatest share first, and gives each the schedule
/// that is fastest inside the network by the `winner` rule: on the time of the problem's calls and
/// of the call behind each, which it may leave warm caches or none, in paired runs, unless the
/// whole run is slower with it. Then the whole network with all choices is compared with the one of
/// all starts. What the ledger knows is not measured again.
InNetwork rank_in_network(const NetworkToRank&,
                          const std::vector<std::vector<Point>>& known,  // by search
                          std::uint64_t seed, NetworkWorker&, Ledger&, RankingListener&);

}  // namespace halcyon
