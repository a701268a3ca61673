#pragma once
#include "autotune/search/lineup.h"
#include "autotune/search/worker.h"

namespace halcyon {

/// Worker::try_batch() at a workplace.
double run_trial_batch(Workplace&, const NamedCandidate& start,
                       const std::vector<NamedCandidate>& batch, double least,
                       const std::function<void(std::size_t, Tried)>& done);

}  // namespace halcyon
