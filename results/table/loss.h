#pragma once
#include <string>

#include "results/document/document.h"

namespace halcyon {

/// Where the time of each network goes that was timed, for a terminal of so many columns (at least
/// 80 are taken), percent of the run: by stage, of the layers with the widest gaps (equal ones
/// together) and whole. The gap is the time beyond the multiply-adds at the peak rate, and its
/// causes are those of suites/networks/time_loss.h. Empty without networks whose losses are told.
std::string loss_table(const Document&, int columns);

}  // namespace halcyon
