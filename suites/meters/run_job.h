#pragma once
#include <nlohmann/json_fwd.hpp>

#include "suites/bundle/bundle.h"
#include "suites/meters/device.h"
#include "suites/meters/job.h"

namespace halcyon {

struct JobRun {
  Ended ended;
  Answers answers;
};

/// Where a job leaves what is not its answer; null: nowhere.
struct JobExtras {
  Answers* told = nullptr;  // what it had said when an interrupt ended it
  Counting* counting = nullptr;
};

/// Has the program of a bundle do one job on a device, a JSON object that says what to "do". Error
/// (exit 4) when the job cannot be written, (exit 5) when the program cannot be started.
JobRun run_job(const Device&, const Bundle&, nlohmann::json job, const Limits&,
               const JobExtras& = {});

/// Where the program of a bundle lies on a device, once it is there.
std::string program_on(const Device&, const Bundle&);

}  // namespace halcyon
