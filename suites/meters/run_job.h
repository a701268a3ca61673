#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "schedules/fence/child.h"
#include "suites/meters/job.h"

namespace halcyon {

struct JobRun {
  Ended ended;
  Answers answers;
};

/// Has the program of a bundle do one job, a JSON object that says what to "do". `emulator`: the
/// words before the program where the CPU cannot run it; empty where it can. Error (exit 4) when
/// the job cannot be written, (exit 5) when the program cannot be started. When an interrupt ends
/// it, what it had said goes into `told`.
JobRun run_job(const std::vector<std::string>& emulator, const Bundle&, nlohmann::json job,
               const Limits&, Answers* told = nullptr);

}  // namespace halcyon
