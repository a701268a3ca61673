#pragma once
#include <optional>
#include <vector>

#include "suites/protocol/protocol.h"

namespace halcyon {

/// One step of successive halving: how long candidates are measured, and how far behind the best
/// they may be to be measured on.
struct Rung {
  Protocol protocol;
  double keep_within = 0;  // times the least cost
  bool last = false;
};
/// A look of 5 samples, then all of them. One rung where figures are exact.
std::vector<Rung> rungs(const Protocol&, bool measures_time);

/// The figure of one call, by round; 0 where the sample was disturbed. Counts: one round.
std::vector<double> rounds_of(const Measured&);
/// The median of the rounds that have a figure; 0 when none has.
double median_of_rounds(const std::vector<double>&);
/// Median of the ratios to the start, of the rounds in which both have a figure; none without such.
std::optional<double> relative_cost(const std::vector<double>& start,
                                    const std::vector<double>& candidate);

/// Appends what one process measured of each candidate, so that rounds stay side by side.
void append_rounds(const std::vector<Measured>&, std::vector<std::vector<double>>& figures);
/// Adds one process's measurement of a candidate to those before: samples side by side, the first
/// outcome that is not ok.
void add_process(const Measured&, Measured& sum);

}  // namespace halcyon
