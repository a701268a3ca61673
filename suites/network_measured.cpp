#include "suites/network_measured.h"

#include <algorithm>

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

}  // namespace halcyon
