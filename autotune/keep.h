#pragma once
#include <string>
#include <vector>

#include "autotune/tune.h"
#include "schedules/tuned.h"

namespace halcyon {

/// The winner of a search as what is kept of it. Only of a search that has one.
TunedEntry entry_of(const SearchResult&, const Target&, const Document&);

/// Puts the winners of a tuning among the entries of <folder>/<family>/<kernel>.json; where the
/// start stands, what is there stays: a short search that finds nothing disproves nothing. Each
/// file is replaced at once or not at all. Returns a line for each winner. Error (exit 2) when a
/// file there is none of entries, before any is written; (exit 4) when one cannot be written.
std::vector<std::string> keep_winners(const Tuning&, const Target&, const std::string& folder);

}  // namespace halcyon
