#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace halcyon {

/// The machine a run was made on, read from /proc, /sys and uname; "unknown" where it does not say.
struct Machine {
  std::string cpu_model, vendor;          // "AMD EPYC 9B14"
  int family = 0, model = 0, stepping = 0;
  std::vector<std::string> isa;           // flags that matter to us, sorted
  int cores = 1, threads_per_core = 1;
  std::vector<std::string> caches;        // "L1d 32 KiB per core", ...
  std::string governor;                   // "performance", "none (no cpufreq)"
  double ghz_before = 0, ghz_after = 0;   // of the measuring core, 0 when not known
  std::string kernel, os, container, hypervisor;
  double memory_gib = 0, load_1min = 0;
  int pinned_cpu = -1;
  std::string core_siblings;              // "none", or the ids that share the core
  bool operator==(const Machine&) const = default;
};
Machine describe_machine(int cpu);
nlohmann::json to_json(const Machine&);
Machine machine_from_json(const nlohmann::json&);

/// How this program was made. Filled by CMake.
struct Toolchain {
  std::string commit;      // 40 hex digits, "unknown" outside a repository
  bool dirty = true;       // uncommitted changes at build time
  std::string version;     // of Halcyon
  std::string compiler, flags, build_type, halide;
};
Toolchain toolchain();

}  // namespace halcyon
