#include "suites/network_measured.h"

#include <algorithm>
#include <numeric>

namespace halcyon {

double median_run_ns(const std::vector<Sample>& samples) {
  std::vector<double> runs;
  for (const Sample& s : samples)
    if (s.accepted) runs.push_back(s.ns_per_call());
  if (runs.empty()) return 0;
  const auto middle = runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 2);
  std::nth_element(runs.begin(), middle, runs.end());
  return *middle;
}

double overhead_ns_per_call(const NetworkMeasured& m, int batch) {
  if (!m.calls || m.calls->median_ns.empty()) return 0;
  const auto& calls = m.calls->median_ns;
  const double inside = std::accumulate(calls.begin(), calls.end(), 0.0);
  return (median_run_ns(m.samples) / batch - inside) / static_cast<double>(calls.size());
}

}  // namespace halcyon
