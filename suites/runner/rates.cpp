#include "suites/runner/rates.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "suites/runner/clock.h"
#include "suites/runner/cpu.h"
#include "suites/runner/gate.h"

namespace halcyon {
namespace {

double now_seconds() { return static_cast<double>(now_ns()) * 1e-9; }

std::vector<double> rates_for(const FmaProbe& probe, double seconds) {
  std::vector<double> rates;
  for (const double end = now_seconds() + seconds; now_seconds() < end;)
    rates.push_back(probe.rate());
  std::sort(rates.begin(), rates.end());
  return rates;
}

/// GB/s of a set, the third highest of 24 readings: neighbours only ever lower it.
double bandwidth(const ProbeKind& kind, std::size_t bytes) {
  constexpr std::size_t kReadBytes = 1
                                     << 20;  // of one reading, so that the clock's steps are small
  ReadProbe probe(kind, bytes);
  const int times = static_cast<int>(std::max<std::size_t>(1, kReadBytes / bytes));
  std::vector<double> rates;
  for (int i = 0; i < 24; i++) rates.push_back(probe.rate(times));
  std::sort(rates.begin(), rates.end());
  return rates[rates.size() - 3];
}

}  // namespace

int pin_to_best(const ProbeKind& kind, int cpu) {
  constexpr double kLookSeconds = 0.03;
  if (cpu < 0) {
    double best = -1;
    for (const int candidate : allowed_cpus()) {
      if (!pin_to(candidate)) continue;
      const auto rates = rates_for(FmaProbe(kind), kLookSeconds);
      if (const double median = rates[rates.size() / 2]; median > best)
        best = median, cpu = candidate;
    }
  }
  if (!pin_to(cpu)) throw std::runtime_error("cpu " + std::to_string(cpu) + " is not allowed here");
  return cpu;
}

MachineRates measure_rates(const ProbeKind& kind, int cpu) {
  constexpr double kSeconds = 0.5;
  flush_denormals();
  MachineRates r;
  r.cpu = pin_to_best(kind, cpu);
  const auto rates = rates_for(FmaProbe(kind), kSeconds);
  r.peak_gflops = rates[rates.size() - std::min<std::size_t>(rates.size(), 3)];
  r.probe_spread = (r.peak_gflops - rates[rates.size() / 2]) / r.peak_gflops;
  const CacheBytes caches = cache_bytes(r.cpu);
  r.read_gbs_l1 = bandwidth(kind, caches.l1d / 2);
  r.read_gbs_l2 = bandwidth(kind, caches.l2 / 2);
  r.read_gbs_l3 = bandwidth(kind, std::max(2 * caches.l2, std::min(caches.l3 / 4, caches.l2 * 8)));
  r.read_gbs_dram = bandwidth(kind, std::max(std::size_t{64} << 20, 2 * caches.l3));
  return r;
}

}  // namespace halcyon
