#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "results/record.h"
#include "suites/trial.h"

namespace halcyon {

/// Puts behind each trial of an autoscheduler that was not told either way a twin: the same steps
/// compiled with enable_llvm_loop_opt. Which is better differs from kernel to kernel, by up to 5x.
std::vector<Trial> with_twins(std::vector<Trial>);

/// Between two records of one case, measured interleaved in one run: the second is kept if it alone
/// is ok, needs fewer instructions, or is a winner (Rule::winner) over pairs of samples.
struct Duel {
  bool second_kept = false;
  std::string why;  // "1.31 times as fast (1.30 to 1.33)"; empty when neither is ok
};
Duel judge_twins(const Record& first, const Record& second, std::uint64_t seed);

}  // namespace halcyon
