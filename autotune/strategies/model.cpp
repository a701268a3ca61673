// The point that promises the largest improvement by a model learned on the way: expected
// improvement under a Gaussian process (Jones, Schonlau, Welch 1998).
#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <set>

#include "autotune/strategies/strategy.h"
#include "autotune/strategies/surrogate.h"

namespace halcyon {
namespace {

/// Of a normal variable below `best`.
double expected_improvement(double best, double mean, double deviation) {
  if (!(deviation > 0)) return std::max(0.0, best - mean);
  const double z = (best - mean) / deviation;
  const double below = 0.5 * std::erfc(-z / std::numbers::sqrt2);
  const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
  return (best - mean) * below + deviation * density;
}

class Model : public Strategy {
 public:
  Model(const Space& space, const std::vector<std::size_t>& first, std::uint64_t seed)
      : space_(space), first_(first), random_(seed), surrogate_(space) {}

  std::optional<std::size_t> next() override {
    const auto point = choose();
    if (point) {
      proposed_.insert(*point);
      order_.push_back(*point);
      surrogate_.observe(*point);
    }
    return point;
  }

  void tell(std::size_t point, std::optional<double> cost) override {
    told_[point] = cost ? std::optional(std::log(*cost)) : std::nullopt;
    learn();
  }

 private:
  std::optional<std::size_t> choose() {
    for (std::size_t point : first_)
      if (!proposed_.count(point)) return point;
    std::optional<std::size_t> best;
    double most = -1;
    for (std::size_t point = 0; point < space_.size(); point++) {
      if (proposed_.count(point)) continue;
      // Equal promises are decided by the seed.
      constexpr double kTie = 1e-9;
      const double chance = static_cast<double>(random_() >> 11) * 0x1p-53;
      const double gain =
          expected_improvement(best_, surrogate_.mean(point), surrogate_.deviation(point)) +
          kTie * chance;
      if (gain > most) {
        most = gain;
        best = point;
      }
    }
    return best;
  }

  /// Of the points proposed first, as long as all have been told: a batch is told whole before the
  /// next one is asked for. One that gave no figure counts as the worst seen.
  void learn() {
    double worst = 0;
    for (const auto& [point, cost] : told_)
      if (cost) {
        worst = std::max(worst, *cost);
        best_ = std::min(best_, *cost);
      }
    std::vector<double> costs;
    for (std::size_t point : order_) {
      const auto told = told_.find(point);
      if (told == told_.end()) break;
      costs.push_back(told->second.value_or(worst));
    }
    surrogate_.learn(costs);
  }

  const Space& space_;
  const std::vector<std::size_t> first_;
  std::mt19937_64 random_;
  Surrogate surrogate_;
  std::set<std::size_t> proposed_;
  std::vector<std::size_t> order_;  // of proposing
  std::map<std::size_t, std::optional<double>> told_;
  double best_ = 0;  // log cost; the start's
};

}  // namespace

extern const StrategyKind model_strategy{
    .name = "model",
    .help = "where a model learned on the way promises the most",
    .make = [](const Space& space, const std::vector<std::size_t>& first, std::uint64_t seed)
        -> std::unique_ptr<Strategy> { return std::make_unique<Model>(space, first, seed); }};

}  // namespace halcyon
