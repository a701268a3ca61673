#pragma once
#include <cstddef>
#include <vector>

#include "schedules/targets/target.h"
#include "suites/trials/named_case.h"

namespace halcyon {

/// How much of the search each case is worth: 1 on average over the cases of a network, each by
/// what it has to do and how often: the greater of its arithmetic at the target's peak and of its
/// bytes at 16 a cycle, which is what reaches a core from beyond L2. No clock, so that a resumed
/// search has the same. 1 for each case of a suite that is no network.
std::vector<double> shares_of(const std::vector<NamedCase>&, const Target&);

/// The trials that each case may take when each has `budget` on average. Cases of a network: 4 each
/// (the budget, where that is less), the rest by their share; never more in all than cases x
/// budget. Others: the budget.
std::vector<std::size_t> budgets_of(const std::vector<NamedCase>&,
                                    const std::vector<double>& shares, std::size_t budget);

}  // namespace halcyon
