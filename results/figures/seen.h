#pragma once
#include <string>
#include <vector>

#include "results/record/sample.h"

namespace halcyon {

/// "about 4.23 ms (4.14 ms to 4.33 ms)": median and quartiles of all samples, accepted or not. For
/// a person who wants to know what a noisy row saw; no figure, and in no verdict. Empty without
/// any.
std::string seen_text(const std::vector<Sample>&);

/// Why a row has no figure; of one that was timed, also what was seen. Any kind of record.
template <class AnyRecord>
std::string why_text(const AnyRecord& r) {
  const std::string seen = r.statistics ? "" : seen_text(r.samples);
  return seen.empty() ? r.detail : "seen " + seen + "; " + r.detail;
}

/// ns of a call: of the accepted samples, of which there are some.
double call_quantile(const std::vector<Sample>&, double q);

}  // namespace halcyon
