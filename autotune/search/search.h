#pragma once
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "autotune/search/decision.h"
#include "autotune/search/ledger.h"
#include "autotune/search/search_listener.h"
#include "autotune/strategies/strategy.h"

namespace halcyon {

struct SearchOptions {
  const StrategyKind* strategy = nullptr;
  std::uint64_t seed = 1;
  std::size_t most_trials = 40;
  double most_seconds = INFINITY;  // of trials, those of earlier runs included
  std::vector<Point> known;        // tried right after the start
  std::vector<NamedCandidate>
      guests;  // tried last, beyond the budget: schedules that are no points of
               // the space, each with the name of who made it as its `rival`
};

/// One trial of a search.
struct Searched {
  NamedCandidate named;
  std::string key;
  std::optional<std::size_t> point;  // number in the space; none of a guest
  Tried tried;
};

/// What a search found for one problem.
struct SearchResult {
  NamedCase of;
  std::vector<Searched> trials;      // in the order of the strategy; the start first
  std::vector<std::size_t> leaders;  // among the trials, best first
  Decision decision;                 // over the leaders
  std::vector<Record> compared;      // of the measurements that decided; empty when they were
                                     // made by an earlier run
  double seconds = 0;                // of its trials
  int noisy_windows = 0;             // batches in which the start drifted by more than 3 %
  bool whole_space = false;          // every point was tried
  bool ended = false;                // not cut off by an interrupt
  const Searched& start() const { return trials.front(); }
  /// The trial of least cost among the points of the space (of no rival) or the guests of a name;
  /// one that was dropped early counts with where it stood then. Null without a figure.
  const Searched* best_of(const std::string& rival = "") const;
  const Searched* winner() const {
    return decision.winner ? &trials[leaders[*decision.winner]] : nullptr;
  }
};

/// Searches the space of one problem: tries what the strategy proposes, writes each trial down as
/// it starts and ends, and decides between the start and the leaders. What the ledger knows is not
/// tried again, so an interrupted search goes on where it was and ends as it would have.
SearchResult search(const NamedCase&, const Target&, const SearchOptions&, Worker&, Ledger&,
                    SearchListener&);

/// Of a trial beside the start of its search.
Simplicity simplicity_of(const Searched&, const Searched& start);

/// "ok 12, pruned 3, wrong 1": how the trials ended.
std::string outcomes_text(std::span<const SearchResult>);

}  // namespace halcyon
