#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "results/record/record.h"
#include "suites/meters/run_job.h"

namespace halcyon {

/// The words before a program for aarch64 where the CPU cannot run it. qemu 7.2 has no
/// Cortex-A78AE; Neoverse N1 has the same instructions: fp16 and dot products, no SVE, i8mm or
/// bf16.
std::vector<std::string> emulator();
/// Limits for what the CPU would do within `limits`.
Limits emulated(Limits limits);

/// A job, and what kernels executed meanwhile, all calls of each together.
struct CountedRun {
  JobRun job;
  std::vector<Counts> counts;  // by kernel; none when the process did not come to its end, or
                               // executed none of their instructions
};
inline constexpr const char* kNothingCounted = "the counting plugin saw none of its instructions";

/// What `nm -S` says of a bundle's program. Error (exit 5) when it cannot be read.
std::string symbols_in(const Bundle&);

/// Runs a job under the emulator and counts. `ranges`: kernel_ranges(). `limits`: as for
/// emulated(). Throws as run_job() does.
CountedRun run_counted(const Bundle&, const nlohmann::json& job, const std::string& ranges,
                       const Limits& limits);

}  // namespace halcyon
