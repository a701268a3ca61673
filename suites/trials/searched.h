#pragma once
#include <string>
#include <vector>

#include "suites/trials/trial.h"

namespace halcyon {

/// Fills in what the autoscheduler of each trial (its `by`) made of its problem, or how it ended.
/// All are of one target.
void search_schedules(const std::vector<Trial*>&, const Request&);

/// What autoschedulers make of one case, to stand beside a recipe's points.
struct SearchedSchedules {
  std::vector<Trial> trials;  // each schedule once
  int asked = 0, failed = 0;  // searches; those that gave nothing
};
/// Of the autoscheduler called `word`: adams2019 walks with dropout, so it is asked `samples`
/// times, with seeds from request.seed on; the others always say the same. Error (exit 2) for
/// another word.
SearchedSchedules schedules_by(const std::string& word, const NamedCase&, const Target&,
                               int samples, const Request&);

}  // namespace halcyon
