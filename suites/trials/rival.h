#pragma once
#include <vector>

#include "suites/trials/named_candidate.h"

namespace halcyon {

/// What is timed beside a candidate for one rival; of an autoscheduler still without a schedule:
/// it is to be searched. None where it says nothing of the problem (a single op has no
/// arrangements) or would be the candidate itself again.
std::vector<NamedCandidate> rivals_of(const NamedCandidate& own, const Rival&);

}  // namespace halcyon
