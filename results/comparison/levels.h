#pragma once
#include <optional>
#include <vector>

#include "results/record/sample.h"
#include "results/record/stats.h"

namespace halcyon {

/// The accepted samples of one side by the processes that gave them.
struct Levels {
  std::vector<double> logs;  // by process: logarithm of the median time of a call
  double fma = 0, read = 0;  // logarithms of the median rate that probes around them saw
  bool probed_reads = false;
};
/// None without an accepted sample.
std::optional<Levels> levels_of(const std::vector<Sample>&);

/// What two separate runs of one thing say of it.
struct Shift {
  double log_ratio = 0;        // of B over A
  double least = 0, most = 0;  // with what the machine's own rates explain taken off, or not
  double error = 0;            // standard error, by the spread between processes
  int freedom = 1;             // degrees of freedom of it
  bool apart = true;           // each process of one side beyond each of the other
  Interval interval(double chance) const;  // of the ratio
  /// How likely luck shows so much of a change beyond a share, such as 0.02.
  double chance_beyond(double share) const;
};
Shift shift_between(const Levels& a, const Levels& b);

/// The median's interval of one run by itself, as its processes have it: where another process
/// may lie with that chance to lie outside.
Interval reach_of(const Levels&, double chance);

}  // namespace halcyon
