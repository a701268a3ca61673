#include "results/figures/seen.h"

#include "results/record/stats.h"
#include "results/text/format.h"

namespace halcyon {

std::string seen_text(const std::vector<Sample>& samples) {
  if (samples.empty()) return "";
  std::vector<double> calls;
  for (const Sample& s : samples) calls.push_back(s.ns_per_call());
  const auto text = [&](double share) { return figure_text(quantile(calls, share), "ns"); };
  return "about " + text(0.5) + " (" + text(0.25) + " to " + text(0.75) + ")";
}

double call_quantile(const std::vector<Sample>& samples, double q) {
  std::vector<double> calls;
  for (const Sample& s : samples)
    if (s.accepted) calls.push_back(s.ns_per_call());
  return quantile(std::move(calls), q);
}

}  // namespace halcyon
