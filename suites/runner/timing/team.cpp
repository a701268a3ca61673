#include "suites/runner/timing/team.h"

#include <sched.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "suites/runner/process/clock.h"
#include "suites/runner/process/cpu.h"
#include "suites/runner/process/halide_hooks.h"

namespace halcyon {
namespace {

/// Of the core that this thread is on, over 30 ms.
double median_rate(const ProbeKind& kind) {
  constexpr std::int64_t kLookNs = 30'000'000;
  const FmaProbe probe(kind);
  std::vector<double> rates;
  for (const std::int64_t end = now_ns() + kLookNs; now_ns() < end;) rates.push_back(probe.rate());
  std::nth_element(rates.begin(), rates.begin() + rates.size() / 2, rates.end());
  return rates[rates.size() / 2];
}

/// reading(thread) in each thread at once.
template <class Reading>
Readings read_all(Reading reading) {
  Readings all(static_cast<std::size_t>(kernel_threads().threads()));
  kernel_threads().on_each(
      [&](int thread) { all[static_cast<std::size_t>(thread)] = reading(thread); });
  return all;
}

}  // namespace

int take_cores(const ProbeKind& kind, int cpu, int threads) {
  const std::vector<int> allowed = allowed_cpus();
  if (cpu < 0) {
    double best = -1;
    for (const int candidate : allowed) {
      if (!pin_to(candidate)) continue;
      if (const double median = median_rate(kind); median > best) best = median, cpu = candidate;
    }
  }
  if (!pin_to(cpu)) throw std::runtime_error("cpu " + std::to_string(cpu) + " is not allowed here");
  start_kernel_threads(cpus_beside(cpu, allowed, threads - 1));
  return cpu;
}

std::vector<int> thread_cpus() {
  std::vector<int> cpus(static_cast<std::size_t>(kernel_threads().threads()));
  kernel_threads().on_each(
      [&](int thread) { cpus[static_cast<std::size_t>(thread)] = sched_getcpu(); });
  return cpus;
}

double sum(const Readings& readings) {
  return std::accumulate(readings.begin(), readings.end(), 0.0);
}

Readings fma_rates(const FmaProbe& probe, int times) {
  return read_all([&](int) { return probe.rate(times); });
}

Readings memory_rates(const ReadProbe& probe, std::size_t& next) {
  const std::size_t first = next;
  const Readings rates = read_all(
      [&](int thread) { return probe.slice_rate(first + static_cast<std::size_t>(thread)); });
  next += rates.size();
  return rates;
}

void read_in_each(const ReadProbe& probe) {
  kernel_threads().on_each([&](int) { probe.rate(); });
}

double empty_loop_ns() {
  constexpr int kFirst = 20, kTimes = 200;  // the first wake threads that sleep
  std::int64_t begin = 0;
  for (int i = -kFirst; i < kTimes; ++i) {
    if (i == 0) begin = now_ns();
    kernel_threads().on_each([](int) {});
  }
  return static_cast<double>(now_ns() - begin) / kTimes;
}

TeamReadProbe::TeamReadProbe(const ProbeKind& kind, std::size_t bytes_each) {
  for (int t = 0; t < kernel_threads().threads(); t++) probes_.emplace_back(kind, bytes_each);
}

Readings TeamReadProbe::rates(int times) const {
  return read_all(
      [&](int thread) { return probes_[static_cast<std::size_t>(thread)].rate(times); });
}

}  // namespace halcyon
