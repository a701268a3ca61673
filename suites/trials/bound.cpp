#include "suites/trials/bound.h"

#include "results/record/stats.h"
#include "schedules/language/winograd.h"

namespace halcyon {
namespace {

struct Level {
  const char* name;
  double gbs;
  double ns(std::int64_t bytes) const { return gbs > 0 ? static_cast<double>(bytes) / gbs : 0; }
};

/// Where a set of so many bytes lies.
Level level_of(std::int64_t bytes, int threads, const Target& target, const MachineRates& rates) {
  const std::int64_t of_a_thread = bytes / threads;  // at best; its core has caches of its own
  if (of_a_thread <= target.l1d_bytes) return {"L1", rates.read_gbs_l1};
  if (of_a_thread <= target.l2_bytes) return {"L2", rates.read_gbs_l2};
  if (bytes <= target.l3_bytes) return {"L3", rates.read_gbs_l3};
  return {"DRAM", rates.read_gbs_dram};
}

/// That its schedule makes at least.
std::int64_t macs_of(const Record& r) {
  return r.schedule.empty() ? r.macs_inside
                            : macs_left(Problem::parse(r.problem), parse_schedule(r.schedule));
}

Bound bound_with(const Record& r, const MachineRates& rates, double memory_ns, const char* level) {
  Bound b;
  if (rates.peak_gflops > 0)
    b.compute_ns = 2.0 * static_cast<double>(macs_of(r)) / rates.peak_gflops;
  b.memory_ns = memory_ns;
  b.level = level;
  b.limited_by = b.compute_ns >= b.memory_ns ? "compute" : "memory";
  return b;
}

}  // namespace

MachineRates rates_around(const std::vector<Sample>& samples, MachineRates rates) {
  std::vector<double> probes;
  for (const Sample& s : samples)
    if (s.accepted && s.read_before > 0) probes.insert(probes.end(), {s.read_before, s.read_after});
  if (!probes.empty()) rates.read_gbs_l3 = median(probes);
  return rates;
}

Bound bound_of(const Record& r, const Target& target, const MachineRates& rates) {
  const std::int64_t bytes = r.activation_bytes + r.weight_bytes;
  const Level level = level_of(bytes, r.threads, target, rates);
  return bound_with(r, rates, level.ns(bytes), level.name);
}

Bound bound_in_network(const Record& r, const Target& target, const MachineRates& rates,
                       std::int64_t network_bytes) {
  const Level weights = level_of(network_bytes, r.threads, target, rates);
  const Level others = level_of(r.activation_bytes, r.threads, target, rates);
  const double weights_ns = weights.ns(r.weight_bytes), others_ns = others.ns(r.activation_bytes);
  return bound_with(r, rates, weights_ns + others_ns,
                    weights_ns > others_ns ? weights.name : others.name);
}

}  // namespace halcyon
