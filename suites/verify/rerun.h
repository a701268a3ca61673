#pragma once
#include "results/document/document.h"
#include "results/verify/flaw.h"
#include "suites/request/progress.h"
#include "suites/request/request.h"

namespace halcyon {

/// Measures so many of a document's cases again, drawn at random by the request's seed, each by
/// `bench` with the schedule that its record has, and tells where the intervals of both medians lie
/// apart, by more than 2 % and than what the machine's probes explain. All cases where it has
/// fewer. Error (exit 2) where none can be measured here: another CPU, no time.
Flaws find_other_times(const Document&, int cases, const Request&, Progress&);

}  // namespace halcyon
