#pragma once
#include <optional>
#include <string>
#include <vector>

#include "suites/networks/planned_network.h"
#include "suites/request/progress.h"
#include "suites/runs/open_document.h"
#include "suites/runs/run.h"

namespace halcyon {

/// A network by its name or file, planned where it was needed before.
struct NetworkToRun {
  std::string what;
  std::optional<PlannedNetwork> planned;
  std::optional<DType> dtype = {};  // as planned_network() takes it
};
/// Runs networks end to end and adds a record of each to the document of a run: `check` compares
/// their outputs with the reference of the unfolded graph; `bench` also times them, or counts their
/// instructions, whole and call by call, beside what each problem took as a case of the same run.
/// Each kernel was checked in the same run before. Throws as run_cases() does.
void run_networks(Verb, std::vector<NetworkToRun>, const RunPlan&, OpenDocument&, Progress&);

}  // namespace halcyon
