#pragma once
#include <optional>
#include <string>
#include <vector>

#include "results/document/document.h"

namespace halcyon {

/// What a kernel class is meant to reach, from suites/goals.json.
struct Goal {
  std::string kernel_class;
  bool of_bandwidth = false;    // percent of the measured read bandwidth instead of the FMA peak
  double avx2 = 0, avx512 = 0;  // percent, by the target's ISA
  std::string peer;             // the best peer seen, percent; empty: none known
};
/// Strict reader; Errors (exit 2) name file and pointer.
std::vector<Goal> read_goals(const std::string& path);

/// What cases are meant to need at most where instructions are counted.
struct CountGoal {
  std::string name;
  std::vector<std::string> classes;  // kernel classes, of which
  int least_k = 0;                   // only those with so many input channels
  double at_most = 0;                // instructions over MACs / lanes, the median of the cases
};
/// From the same file.
std::vector<CountGoal> read_count_goals(const std::string& path);
/// By goal what the network cases with counts reached; without goals that have no case.
std::vector<GoalReached> goals_reached(const Document&, const std::vector<CountGoal>&);

/// Percent reached per kernel class: geometric mean over its network cases that have a time;
/// nullopt without one.
std::optional<double> percent_reached(const Document&, const Goal&);

/// Percent per class beside its goal, the CPU it was, and what falls short.
std::string goals_table(const Document&, const std::vector<Goal>&);

}  // namespace halcyon
