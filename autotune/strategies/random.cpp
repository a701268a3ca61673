// `first`, then points at random, each once: what every other strategy has to beat.
#include <random>
#include <set>

#include "autotune/strategy.h"

namespace halcyon {
namespace {

class RandomOrder : public Strategy {
 public:
  RandomOrder(const Space& space, const std::vector<std::size_t>& first, std::uint64_t seed)
      : order_(first) {
    const std::set<std::size_t> done(first.begin(), first.end());
    for (std::size_t point = 0; point < space.size(); point++)
      if (!done.count(point)) order_.push_back(point);
    std::mt19937_64 random(seed);
    for (std::size_t i = order_.size(); i > first.size() + 1; i--)
      std::swap(order_[i - 1], order_[first.size() + random() % (i - first.size())]);
  }
  std::optional<std::size_t> next() override {
    if (at_ == order_.size()) return std::nullopt;
    return order_[at_++];
  }
  void tell(std::size_t, std::optional<double>) override {}

 private:
  std::vector<std::size_t> order_;
  std::size_t at_ = 0;
};

}  // namespace

extern const StrategyKind random_strategy{
    .name = "random",
    .help = "points at random",
    .make = [](const Space& space, const std::vector<std::size_t>& first, std::uint64_t seed)
        -> std::unique_ptr<Strategy> { return std::make_unique<RandomOrder>(space, first, seed); }};

}  // namespace halcyon
