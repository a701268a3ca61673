#include "suites/networks/time_loss.h"

#include <algorithm>

namespace halcyon {

std::vector<TimeLoss> split_loss(const CallFacts& f) {
  double left = std::max(0.0, f.call_ns - f.least_ns);
  std::vector<TimeLoss> causes;
  const auto take = [&](const char* cause, double estimate) {
    const double ns = std::clamp(estimate, 0.0, left);
    left -= ns;
    causes.push_back({cause, ns});
    return ns;
  };
  take("overhead", f.overhead_ns);
  const double tail = take("tail", f.tail_ns);
  const double activation = take("activation", f.activation_ns);
  take("memory", f.memory_ns - f.least_ns - tail - activation);
  take("other", left);
  return causes;
}

std::vector<TimeLoss> losses_of(const NetworkCall& call, const ExtraWork& extra, double peak_gflops,
                                double overhead_ns) {
  const auto at_peak = [&](double macs) { return peak_gflops > 0 ? 2 * macs / peak_gflops : 0; };
  return split_loss({.call_ns = call.time->median_ns,
                     .least_ns = at_peak(static_cast<double>(call.mac_counts().inside)),
                     .overhead_ns = overhead_ns,
                     .tail_ns = at_peak(extra.tail),
                     .activation_ns = at_peak(extra.activation),
                     .memory_ns = call.bound ? call.bound->memory_ns : 0});
}

}  // namespace halcyon
