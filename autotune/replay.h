#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "autotune/space/measured_space.h"
#include "autotune/strategies/strategy.h"
#include "results/figures/replayed.h"

namespace halcyon {

/// No strategy is given more.
constexpr std::size_t kMostReplayed = 400;

/// The figures that a strategy saw, in order, on a space that was measured before; ends with the
/// batch that saw one within `until` of the optimum (0.99: at most 1/0.99 of it), if that is given.
std::vector<std::optional<double>> replay(const StrategyKind&, const MeasuredSpace&,
                                          std::uint64_t seed, std::size_t most_trials,
                                          std::optional<double> until = {});

/// Over seeds 1 to `seeds`.
Replayed replay_all(const StrategyKind&, const MeasuredSpace&, int seeds = 20);

/// Every strategy on one space, in the order of strategy_kinds().
ReplayedSpace replay_strategies(const MeasuredSpace&);

}  // namespace halcyon
