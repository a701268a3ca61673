#pragma once
#include <string>
#include <vector>

#include "suites/protocol/report.h"
#include "suites/runner/bundle/bundled.h"

namespace halcyon {

/// Times cases by the protocol, interleaved in one process, and reports each as it ends. Returns
/// false when a kernel raised a signal: that case is reported as run_crash, and nothing that the
/// process measures afterwards could be trusted.
bool time_cases(const OpenBundle&, const std::vector<std::string>& ids, const Protocol&,
                const Report&);

}  // namespace halcyon
