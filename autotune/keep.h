#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "autotune/tune.h"
#include "schedules/tuned/tuned.h"

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

/// Puts what fusing inside networks found into <folder>/<family>/plans.json: a chain shown to be
/// faster goes into the network's entry, one shown to be slower goes out, and so does one that the
/// network no longer has; others stay. An entry without a chain is taken out. Returns a line for
/// each change; errors as keep_winners().
std::vector<std::string> keep_plans(const Tuning&, const Target&, const std::string& folder);

/// Replaces a file of what is kept, whose folder is made where there is none. Error (exit 4).
void write_kept(const std::string& file, const nlohmann::json&);

}  // namespace halcyon
