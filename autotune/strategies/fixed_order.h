#pragma once
#include <set>

#include "autotune/strategies/strategy.h"

namespace halcyon {

/// For strategies that learn nothing: `first`, then every other point once, in the space's order
/// until a heir changes it.
class FixedOrder : public Strategy {
 public:
  FixedOrder(const Space& space, const std::vector<std::size_t>& first) : order_(first) {
    const std::set<std::size_t> done(first.begin(), first.end());
    for (std::size_t point = 0; point < space.size(); point++)
      if (!done.count(point)) order_.push_back(point);
  }
  std::optional<std::size_t> next() override {
    if (at_ == order_.size()) return std::nullopt;
    return order_[at_++];
  }
  void tell(std::size_t, std::optional<double>) override {}

 protected:
  std::vector<std::size_t> order_;

 private:
  std::size_t at_ = 0;
};

}  // namespace halcyon
