#include "suites/runner/timing/rates.h"

#include <algorithm>
#include <vector>

#include "suites/runner/process/clock.h"
#include "suites/runner/process/cpu.h"
#include "suites/runner/process/halide_hooks.h"
#include "suites/runner/timing/team.h"

namespace halcyon {
namespace {

/// GB/s of a set in each thread: the upper decile of what a tenth of a second or more reads.
/// Neighbours only ever lower it, and a single moment is not the run's: of the third highest of 24
/// readings, half a millisecond of them, the percents of a kernel whose time stood still swung by a
/// quarter.
double bandwidth(const ProbeKind& kind, std::size_t bytes) {
  constexpr std::size_t kReadBytes = 1
                                     << 20;  // of one reading, so that the clock's steps are small
  constexpr std::int64_t kNs = 100'000'000;
  constexpr std::size_t kLeastReadings = 8;  // of memory each takes long, and is a mean already
  const TeamReadProbe probe(kind, bytes);
  const int times = static_cast<int>(std::max<std::size_t>(1, kReadBytes / bytes));
  std::vector<double> rates;
  for (const std::int64_t end = now_ns() + kNs; now_ns() < end || rates.size() < kLeastReadings;)
    rates.push_back(sum(probe.rates(times)));
  const auto decile = rates.end() - static_cast<std::ptrdiff_t>(rates.size() / 10) - 1;
  std::nth_element(rates.begin(), decile, rates.end());
  return *decile;
}

/// Ascending.
std::vector<double> fma_rates_for(const ProbeKind& kind, std::int64_t ns) {
  const FmaProbe probe(kind);
  std::vector<double> rates;
  for (const std::int64_t end = now_ns() + ns; now_ns() < end;)
    rates.push_back(sum(fma_rates(probe)));
  std::sort(rates.begin(), rates.end());
  return rates;
}

}  // namespace

MachineRates measure_rates(const ProbeKind& kind, int cpu) {
  constexpr std::int64_t kNs = 500'000'000;
  flush_denormals();
  MachineRates r;
  r.cpu = cpu;
  r.cpus = thread_cpus();
  const auto rates = fma_rates_for(kind, kNs);
  r.peak_gflops = rates[rates.size() - std::min<std::size_t>(rates.size(), 3)];
  r.probe_spread = (r.peak_gflops - rates[rates.size() / 2]) / r.peak_gflops;
  const CacheBytes caches = cache_bytes(cpu);
  const std::size_t share_of_l3 =
      caches.l3 / 4 / static_cast<std::size_t>(kernel_threads().threads());
  r.read_gbs_l1 = bandwidth(kind, caches.l1d / 2);
  r.read_gbs_l2 = bandwidth(kind, caches.l2 / 2);
  r.read_gbs_l3 = bandwidth(kind, std::max(2 * caches.l2, std::min(share_of_l3, caches.l2 * 8)));
  r.read_gbs_dram = bandwidth(kind, std::max(std::size_t{64} << 20, 2 * caches.l3));
  return r;
}

}  // namespace halcyon
