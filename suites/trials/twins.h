#pragma once
#include <string>
#include <vector>

#include "results/record/record.h"
#include "suites/trials/named_candidate.h"

namespace halcyon {

/// Puts behind each candidate of an autoscheduler that was not told either way a twin: the same
/// steps compiled with enable_llvm_loop_opt. It gains up to 5x where stages were left plain (Halide
/// issue 6784), and loses elsewhere.
std::vector<NamedCandidate> with_twins(std::vector<NamedCandidate>);

/// Between two records of one case, measured interleaved in one run: the second is kept if it alone
/// is ok, needs fewer instructions, or is a winner (Rule::winner) over pairs of samples.
struct Duel {
  bool second_kept = false;
  std::string why;  // "the gain of llvm_loop_opt is 1.31 (1.30 to 1.33)"; empty when neither is ok
};
Duel judge_twins(const Record& first, const Record& second);

/// Leaves the better in the place and under the id of the first; returns the line that says so.
std::string keep_better(Record& first, Record& second);

}  // namespace halcyon
