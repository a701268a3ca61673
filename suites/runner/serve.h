#pragma once
#include "suites/runner/bundle/bundled.h"

namespace halcyon {

/// Answers requests on standard input by the protocol of suites/peers/README.md until there are no
/// more, on the descriptor `answers`: the bundle's network, or its cases by name, as a system that
/// takes part, and `probe`, for which nothing is loaded. Whoever starts this process has pinned it:
/// `threads` gives each thread one of those cores. Between requests all threads sleep.
void serve(const OpenBundle&, int answers);

}  // namespace halcyon
