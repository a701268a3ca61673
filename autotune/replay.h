#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "autotune/measured_space.h"
#include "autotune/strategy.h"

namespace halcyon {

/// No strategy is given more.
constexpr std::size_t kMostReplayed = 400;

/// The figures that a strategy saw, in order, on a space that was measured before; ends with the
/// batch that saw one within `until` of the optimum (0.99: at most 1/0.99 of it), if that is given.
std::vector<std::optional<double>> replay(const StrategyKind&, const MeasuredSpace&,
                                          std::uint64_t seed, std::size_t most_trials,
                                          std::optional<double> until = {});

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

/// Every strategy on one space.
struct ReplayedSpace {
  MeasuredSpace measured;
  std::vector<Replayed> by_strategy;  // in the order of strategy_kinds()
};
ReplayedSpace replay_strategies(const MeasuredSpace&);

/// A table per space, and one over all when there are several.
std::string replay_table(const std::vector<ReplayedSpace>&);
nlohmann::json replay_json(const std::vector<ReplayedSpace>&);

}  // namespace halcyon
