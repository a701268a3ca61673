// `first`, then points at random, each once: what every other strategy has to beat.
#include <random>

#include "autotune/strategies/fixed_order.h"

namespace halcyon {
namespace {

class RandomOrder : public FixedOrder {
 public:
  RandomOrder(const Space& space, const std::vector<std::size_t>& first, std::uint64_t seed)
      : FixedOrder(space, first) {
    std::mt19937_64 random(seed);
    for (std::size_t i = order_.size(); i > first.size() + 1; i--)
      std::swap(order_[i - 1], order_[first.size() + random() % (i - first.size())]);
  }
};

}  // namespace

extern const StrategyKind random_strategy{
    .name = "random",
    .help = "points at random",
    .make = [](const Space& space, const std::vector<std::size_t>& first, std::uint64_t seed)
        -> std::unique_ptr<Strategy> { return std::make_unique<RandomOrder>(space, first, seed); }};

}  // namespace halcyon
