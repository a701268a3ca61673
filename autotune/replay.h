#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "autotune/measured_space.h"
#include "autotune/strategy.h"

namespace halcyon {

/// The figures that a strategy saw, in order, on a space that was measured before.
std::vector<std::optional<double>> replay(const StrategyKind&, const MeasuredSpace&,
                                          std::uint64_t seed, std::size_t most_trials);

/// Trials until a strategy saw a point within a share of the optimum; one more than it was given
/// when it did not.
struct TrialsTo {
  double median = 0, p90 = 0;
};
struct Replayed {
  std::string strategy;
  TrialsTo to95, to99;  // percent of the optimum
};
/// Over seeds 1 to `seeds`.
Replayed replay_all(const StrategyKind&, const MeasuredSpace&, int seeds = 20);

}  // namespace halcyon
