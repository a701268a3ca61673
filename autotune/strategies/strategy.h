#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "autotune/space/space.h"

namespace halcyon {

/// Chooses which point of a space is tried next, by what came of those before. Pure: the same seed
/// and the same answers give the same choices. Never proposes a point twice.
class Strategy {
 public:
  virtual ~Strategy() = default;
  /// The number of a point; nothing when it has no more to propose. May be called again before the
  /// last point's outcome is told: candidates are tried in batches.
  virtual std::optional<std::size_t> next() = 0;
  /// What a proposed point cost, as a multiple of the start's cost; nothing when it gave no figure
  /// (it did not compile, was wrong, ...).
  virtual void tell(std::size_t point, std::optional<double> cost) = 0;
};

struct StrategyKind {
  const char* name;
  const char* help;  // for the command line
  /// `first`: points to try before all others, best guess first, without repeats. The space
  /// outlives the strategy.
  std::unique_ptr<Strategy> (*make)(const Space& space, const std::vector<std::size_t>& first,
                                    std::uint64_t seed);
};
/// From the one list in autotune/CMakeLists.txt, in its order; the first is the default.
const std::vector<const StrategyKind*>& strategy_kinds();
/// Error (exit 2) with what is allowed and the nearest word.
const StrategyKind& strategy_kind(const std::string& name);

/// Up to `most` points, asked for one after another.
std::vector<std::size_t> next_batch(Strategy&, std::size_t most);

/// How many candidates are compiled, linked and measured together, after so many trials. The start
/// alone; then few, so that a strategy hears of its first guesses soon (95 % of the optimum should
/// be within ten trials); then more, since a batch costs 0.3 s of linking whatever its size.
std::size_t batch_size(std::size_t trials_before);

}  // namespace halcyon
