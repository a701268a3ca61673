#pragma once
#include <vector>

#include "suites/trials/named_candidate.h"

namespace halcyon {

/// Fills in what the autoscheduler of each candidate (its `by`) made of its problem, or how it
/// ended. All are of one target.
void search_schedules(const std::vector<NamedCandidate*>&, const Request&);

/// What autoschedulers make of one case, to stand beside a recipe's points.
struct SearchedSchedules {
  std::vector<NamedCandidate> candidates;  // each schedule once
  int asked = 0, failed = 0;               // searches; those that gave nothing
};
/// Of one autoscheduler: adams2019 walks with dropout, so it is asked `samples` times, with seeds
/// from request.seed on; the others always say the same.
SearchedSchedules schedules_by(Autoscheduler, const NamedCase&, const Target&, int samples,
                               const Request&);

}  // namespace halcyon
