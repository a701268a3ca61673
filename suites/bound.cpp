#include "suites/bound.h"

namespace halcyon {

Bound bound_of(const Record& r, const Target& target, const MachineRates& rates) {
  Bound b;
  if (rates.peak_gflops > 0) b.compute_ns = 2.0 * r.macs_inside / rates.peak_gflops;
  const std::int64_t bytes = r.activation_bytes + r.weight_bytes;
  const std::int64_t of_a_thread = bytes / r.threads;  // at best; its core has caches of its own
  double rate = rates.read_gbs_dram;
  b.level = "DRAM";
  if (of_a_thread <= target.l1d_bytes) {
    b.level = "L1", rate = rates.read_gbs_l1;
  } else if (of_a_thread <= target.l2_bytes) {
    b.level = "L2", rate = rates.read_gbs_l2;
  } else if (bytes <= target.l3_bytes) {
    b.level = "L3", rate = rates.read_gbs_l3;
  }
  if (rate > 0) b.memory_ns = bytes / rate;
  b.limited_by = b.compute_ns >= b.memory_ns ? "compute" : "memory";
  return b;
}

}  // namespace halcyon
