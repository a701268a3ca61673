#pragma once
#include "suites/runner/bundle/bundled.h"

namespace halcyon {

/// Runs the bundle as an ordinary Google Benchmark program: every case registered under its id,
/// checked once before it is timed. Returns the exit code: 1 when a case is wrong or the filter
/// leaves none, 2 for an unknown argument.
int run_by_hand(const OpenBundle&, int argc, char** argv);

}  // namespace halcyon
