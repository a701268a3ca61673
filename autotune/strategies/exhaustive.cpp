// Every point: `first`, then in the order of the space. For spaces that are to be known whole.
#include "autotune/strategies/fixed_order.h"

namespace halcyon {

extern const StrategyKind exhaustive_strategy{
    .name = "exhaustive",
    .help = "every point of the space",
    .make = [](const Space& space, const std::vector<std::size_t>& first, std::uint64_t)
        -> std::unique_ptr<Strategy> { return std::make_unique<FixedOrder>(space, first); }};

}  // namespace halcyon
