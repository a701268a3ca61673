#include "schedules/targets/fitness.h"

#include <cstdlib>
#include <sstream>

#include "schedules/fence/child.h"
#include "schedules/targets/host.h"

namespace halcyon {

std::vector<std::string> Fitness::warnings() const {
  std::vector<std::string> lines;
  const auto warn = [&](const auto&... parts) {
    std::ostringstream line;
    (line << ... << parts);
    lines.push_back(line.str());
  };
  // Virtual machines have no cpufreq; there the probes tell whether the clock moves.
  if (governor != "performance" && !governor.starts_with("none"))
    warn("governor '", governor, "' lets the clock move; want 'performance'");
  if (!core_siblings.empty())
    warn("CPU ", cpu, " shares its core with CPU ", cpu_list_text(core_siblings),
         "; keep those idle");
  if (allowed_cpus.size() < 2) warn("one CPU only: whatever else runs takes time from the samples");
  // Ours is one runnable process; half a further one is somebody else's.
  if (load_1min > 0.5) warn("load ", load_1min, " before measuring; want below 0.5");
  // The protocol accepts a sample when its probes are within 4 % of the best.
  if (!(probe_spread <= 0.04))
    warn("an FMA probe's median lies ", 100 * probe_spread, " % below its best; want below 4 %");
  return lines;
}

Fitness read_fitness(int cpu) {
  Fitness f;
  f.allowed_cpus = allowed_cpus();
  f.cpu = cpu >= 0 ? cpu : f.allowed_cpus.front();
  f.governor = read_governor("/sys", f.cpu);
  f.core_siblings = read_core_siblings("/sys", f.cpu);
  f.isolation = isolation_level();
  getloadavg(&f.load_1min, 1);
  return f;
}

}  // namespace halcyon
