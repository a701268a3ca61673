#pragma once
#include <string>
#include <vector>

#include "suites/trials/trial.h"

namespace halcyon {

/// The words of --against: autoschedulers as in --source; "recipe", the start of the recipe; "root"
/// and "fused", the ways to place a chain's tensors between its ops (arrangements_of); "apart",
/// every op of a chain as a kernel of its own. Throws Error (exit 2) naming what is allowed.
void check_rivals(const std::vector<std::string>& words);

/// Whether the word names an autoscheduler: its trials have no schedule until it has searched.
bool is_searched(const std::string& word);

/// What is timed beside a trial for one word. None where the word says nothing of the problem (a
/// single op has no arrangements) or would be the trial's own candidate again.
std::vector<Trial> rivals_of(const Trial& own, const std::string& word);

}  // namespace halcyon
