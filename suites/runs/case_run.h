#pragma once
#include <vector>

#include "suites/runs/open_document.h"
#include "suites/runs/run.h"
#include "suites/trials/named_case.h"

namespace halcyon {

/// Compiles, bundles, checks and (bench) times cases, and adds a record of every trial to the
/// document, also of one that failed. Those that an unfinished run left are not made again. Throws
/// as run() does, before anything is written; and Interrupted, then the document has what was done.
void run_cases(Verb, const RunPlan&, const std::vector<NamedCase>&, OpenDocument&, Progress&);

}  // namespace halcyon
