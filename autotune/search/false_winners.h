#pragma once
#include <string>

#include "autotune/search/decision.h"
#include "suites/request/progress.h"

namespace halcyon {

/// How often a candidate "won" against itself: the share of false winners that the rule lets
/// through on this machine.
struct FalseWinners {
  int comparisons = 0, winners = 0;
  double widest = 1;  // the largest speedup that was estimated in any state
};

/// Compares the start of a problem with itself, as a leader would be, so many times or until an
/// interrupt.
FalseWinners decide_against_itself(const NamedCandidate& start, int times, Worker&,
                                   std::uint64_t seed, Progress&);

/// "3 of 200 comparisons ...": a line.
std::string to_text(const FalseWinners&);

}  // namespace halcyon
