// Walks from the best point so far to one beside it, then from the second best, and so on down the
// few best; from anywhere when those have no neighbour left.
#include <algorithm>
#include <random>
#include <set>

#include "autotune/strategies/strategy.h"

namespace halcyon {
namespace {

constexpr std::size_t kParents = 3;

class Local : public Strategy {
 public:
  Local(const Space& space, const std::vector<std::size_t>& first, std::uint64_t seed)
      : space_(space), first_(first), random_(seed) {}

  std::optional<std::size_t> next() override {
    const auto point = choose();
    if (point) proposed_.insert(*point);
    return point;
  }
  void tell(std::size_t point, std::optional<double> cost) override {
    if (cost) told_.insert({*cost, point});
  }

 private:
  std::optional<std::size_t> choose() {
    for (std::size_t point : first_)
      if (!proposed_.count(point)) return point;
    auto parent = told_.begin();
    for (std::size_t n = 0; n < kParents && parent != told_.end(); n++, parent++)
      if (const auto point = any_of(space_.neighbours(parent->second))) return point;
    std::vector<std::size_t> all(space_.size());
    for (std::size_t i = 0; i < all.size(); i++) all[i] = i;
    return any_of(all);
  }
  std::optional<std::size_t> any_of(std::vector<std::size_t> points) {
    std::erase_if(points, [&](std::size_t point) { return proposed_.count(point) > 0; });
    if (points.empty()) return std::nullopt;
    return points[random_() % points.size()];
  }

  const Space& space_;
  const std::vector<std::size_t> first_;
  std::mt19937_64 random_;
  std::set<std::size_t> proposed_;
  std::set<std::pair<double, std::size_t>> told_;  // best first
};

}  // namespace

extern const StrategyKind local_strategy{
    .name = "local",
    .help = "beside the best points so far",
    .make = [](const Space& space, const std::vector<std::size_t>& first, std::uint64_t seed)
        -> std::unique_ptr<Strategy> { return std::make_unique<Local>(space, first, seed); }};

}  // namespace halcyon
