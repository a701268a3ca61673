// Every point: `first`, then in the order of the space. For spaces that are to be known whole.
#include <set>

#include "autotune/strategy.h"

namespace halcyon {
namespace {

class Exhaustive : public Strategy {
 public:
  Exhaustive(const Space& space, const std::vector<std::size_t>& first)
      : order_(first), done_(first.begin(), first.end()) {
    for (std::size_t point = 0; point < space.size(); point++)
      if (!done_.count(point)) order_.push_back(point);
  }
  std::optional<std::size_t> next() override {
    if (at_ == order_.size()) return std::nullopt;
    return order_[at_++];
  }
  void tell(std::size_t, std::optional<double>) override {}

 private:
  std::vector<std::size_t> order_;
  std::set<std::size_t> done_;
  std::size_t at_ = 0;
};

}  // namespace

extern const StrategyKind exhaustive_strategy{
    .name = "exhaustive",
    .help = "every point of the space",
    .make = [](const Space& space, const std::vector<std::size_t>& first, std::uint64_t)
        -> std::unique_ptr<Strategy> { return std::make_unique<Exhaustive>(space, first); }};

}  // namespace halcyon
