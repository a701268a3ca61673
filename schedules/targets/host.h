#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schedules/targets/target.h"

namespace halcyon {

/// What /proc/cpuinfo says of the first processor. Numbers it does not give are 0.
struct CpuInfo {
  std::string arch;                // "x86_64", "aarch64"; empty when the text is neither
  std::string vendor, model_name;  // "AuthenticAMD", "AMD EPYC 7B13"; arm64 has no model name
  int family = 0, model = 0;       // x86, decimal as there
  int implementer = 0, part = 0;   // arm64
  int stepping = 0;                // of arm64 16 * variant + revision: r1p2 is 18
  std::vector<std::string> flags;  // sorted, spelled as there
  int processors = 0;              // logical CPUs listed
  bool has(std::string_view flag) const;
};
CpuInfo parse_cpuinfo(std::string_view text);
/// Of this machine; read anew at each call.
CpuInfo read_cpuinfo();

/// "0-3,8" -> {0, 1, 2, 3, 8}; what does not parse is left out.
std::vector<int> parse_cpu_list(std::string_view text);
/// {0, 1, 2, 3, 8} -> "0-3,8"; "none" when empty.
std::string cpu_list_text(const std::vector<int>&);

/// Readings of one logical CPU under a sysfs root ("/sys"; tests bring their own folder). A file
/// that is not there is no error: virtual machines leave out most of them.
struct CpuCache {
  int level = 1;
  std::string type;  // "Data", "Instruction", "Unified"
  std::int64_t bytes = 0;
  std::vector<int> shared_by;  // logical CPUs, this one included
};
std::vector<CpuCache> read_caches(const std::string& sysfs, int cpu);
std::string read_governor(const std::string& sysfs, int cpu);  // "none (no cpufreq)" without one
double read_ghz(const std::string& sysfs, int cpu);            // current clock; 0 when not known
double read_max_ghz(const std::string& sysfs, int cpu);        // 0 when not known
std::vector<int> read_core_siblings(const std::string& sysfs, int cpu);  // the others on its core

/// Logical CPUs that this process may run on.
std::vector<int> allowed_cpus();

/// The microarchitecture, from vendor and numbers (hypervisors hide the name): "zen4",
/// "skylake-avx512", "a78ae"; from the flags where numbers_are_masked(); empty when not in the
/// table.
std::string microarchitecture(const CpuInfo&);
/// Whether the CPU has flags that none of its model has: a hypervisor shows an older one's numbers.
bool numbers_are_masked(const CpuInfo&);
/// The target of a machine with this cpuinfo and sysfs, for a process that may use `cpus`. The pure
/// half of detect_host(). Error (exit 4) when it is neither x86_64 nor aarch64.
Target host_target(const CpuInfo&, const std::string& sysfs, const std::vector<int>& cpus);
/// The pure half of why_not_runnable(target).
std::string why_not_runnable(const Target&, const CpuInfo&);

}  // namespace halcyon
