#pragma once
#include "autotune/search/lineup.h"
#include "autotune/search/worker.h"

namespace halcyon {

/// Worker::try_batch() at a workplace.
double run_trial_batch(Workplace&, const Trial& start, const std::vector<Trial>& batch,
                       double least, const std::function<void(std::size_t, Tried)>& done);

}  // namespace halcyon
