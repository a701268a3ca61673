#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace halcyon {

/// What one way to search found for a problem: the recipe's space, or an autoscheduler beside it.
struct Found {
  std::string by;           // "recipe", "adams2019"
  std::int64_t trials = 0;  // different schedules that were tried
  /// Of its best one, over the recipe's start, as the trials measured it; none without a figure.
  std::optional<double> speedup;
  bool to_the_end = false;  // else that one was dropped early, and this is where it stood then
  std::string record;       // of its best one; empty without a figure
  bool operator==(const Found&) const = default;
};

/// What a tuning found for one problem, all with the same budget and in the same batches.
struct SearchOutcome {
  std::string case_id, problem, target;
  std::vector<Found> found;  // the recipe's first
  std::string winner;        // who made it; empty where the start stands
  std::string why;           // the decision and its evidence in one line
  bool operator==(const SearchOutcome&) const = default;
};

/// "0.54x of 3": of what it tried; "~" before where its best was dropped early; "nothing".
std::string found_text(const Found&);

}  // namespace halcyon
