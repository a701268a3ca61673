#pragma once
#include <vector>

#include "suites/open_document.h"
#include "suites/run.h"
#include "suites/trial.h"

namespace halcyon {

/// Compiles, bundles, checks and (bench) times cases, and adds a record of every trial to the
/// document, also of one that failed. An interrupt ends it after the current case. Throws as run()
/// does, before anything is written.
void run_cases(Verb, const Request&, const std::vector<NamedCase>&, OpenDocument&, Progress&);

}  // namespace halcyon
