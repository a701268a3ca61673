#pragma once
#include <cstdint>

namespace halcyon {

/// Derived from samples by statistics_of(); stored so that a page needs no arithmetic, recomputed
/// by whoever verifies.
struct Statistics {
  double median_ns = 0, q25_ns = 0, min_ns = 0;  // per call, of accepted samples
  int accepted = 0, taken = 0;
  double peak_gflops = 0;      // median of the accepted samples' own probes
  double gflops = 0;           // 2 * macs / median: the field's convention
  double percent_of_peak = 0;  // 100 * 2 * macs_inside / median / peak_gflops: never above 100 for
                               // taps that nobody computes
  bool operator==(const Statistics&) const = default;
};

/// Multiply-accumulates of one work, counted twice: with the taps that fall into padding, as
/// papers and GFLOP/s do, and without them, as what a core is used for does.
struct MacCounts {
  std::int64_t macs = 0, inside = 0;
};

}  // namespace halcyon
