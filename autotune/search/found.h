#pragma once
#include <string>
#include <vector>

#include "autotune/search/search.h"
#include "results/record/search_outcome.h"

namespace halcyon {

/// What a search found, for the document: the recipe's space first, then each of `guests`, also
/// one that gave no schedule.
SearchOutcome outcome_of(const SearchResult&, const std::vector<std::string>& guests);

/// "1.08x (1.06 to 1.09, warm)": the least of its states, which is what the rule asks of.
std::string evidence_text(const std::vector<Evidence>&);

}  // namespace halcyon
