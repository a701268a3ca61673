#pragma once
#include <optional>
#include <string>
#include <vector>

#include "schedules/language/step.h"
#include "schedules/targets/target.h"
#include "suites/request/filter.h"
#include "suites/request/name_space.h"
#include "suites/request/request.h"

namespace halcyon {

/// A request as it comes through the door: what its words and files say is read once, and whatever
/// is wrong with them has shown, before any work begins.
struct RunPlan {
  Request request;                // its autoschedulers know its seed, threads and --search
  std::vector<NamedWord> what;    // request.what, told apart
  Target target;                  // with request.threads; of what is shown, where that is a target
  std::string cpu;                // timed_cpu() of it
  std::optional<Schedule> steps;  // of request.schedule_file
  Filter filter;
};

/// Error (exit 2) for what the user wrote wrong, alone or together; for threads or a core that the
/// target's meter or its device does not have.
RunPlan run_plan(Request);
/// The same for what is shown, where a target may be named, too.
RunPlan plan_to_show(Request);

}  // namespace halcyon
