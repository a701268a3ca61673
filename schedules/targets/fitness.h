#pragma once
#include <string>
#include <vector>

namespace halcyon {

/// Whether this machine is fit to measure on. Nothing here forbids measuring; it is said and
/// recorded.
struct Fitness {
  int cpu = 0;                     // the logical CPU that was looked at
  std::string governor;            // "performance", "none (no cpufreq)"
  std::vector<int> core_siblings;  // other logical CPUs on the same core
  std::vector<int> allowed_cpus;
  double load_1min = 0;
  std::string isolation;     // isolation_level()
  double probe_spread = -1;  // (best - median) / best of an FMA probe; -1: not probed. The
                             // caller's to fill in: only the runner can probe
  /// One line for each thing that spoils figures; empty when fit.
  std::vector<std::string> warnings() const;
};
/// Of this machine; `cpu` -1 is the first allowed one.
Fitness read_fitness(int cpu = -1);

}  // namespace halcyon
