#pragma once
#include <string>
#include <vector>

#include "results/record/record.h"

namespace halcyon {

/// "an empty shared loop takes 210.0 ns": the median of the samples that count; "takes 190.0 ns to
/// 850.0 ns" where the cores moved apart or together meanwhile, so that the samples are of two
/// machines. Empty with one thread.
std::string shared_loop_text(const std::vector<Sample>&);

}  // namespace halcyon
