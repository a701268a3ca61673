#pragma once
#include <optional>
#include <string>
#include <vector>

#include "autotune/tune.h"
#include "schedules/tuned.h"

namespace halcyon {

/// What is kept of a search: its winner, or what was chosen inside a network (`ranked`, of the same
/// search; null where there was none) when that is shown to be faster than the start there or by
/// itself. None when the start stands.
std::optional<TunedEntry> entry_of(const SearchResult&, const RankedProblem* ranked,
                                   const std::string& network, const Target&, const Document&);

/// Puts the winners of a tuning among the entries of <folder>/<family>/<kernel>.json; where the
/// start stands, what is there stays: a short search that finds nothing disproves nothing. But what
/// lost to the start inside a network goes. Each file is replaced at once or not at all. Returns a
/// line for each change. Error (exit 2) when a file there is none of entries, before any is
/// written; (exit 4) when one cannot be written.
std::vector<std::string> keep_winners(const Tuning&, const Target&, const std::string& folder);

}  // namespace halcyon
