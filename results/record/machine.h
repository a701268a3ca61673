#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "schedules/targets/cpu_id.h"

namespace halcyon {

/// The machine a run was made on, read from /proc, /sys and /etc/os-release; "unknown" where they
/// do not say. Names of hosts and users are never read.
struct Machine {
  std::string cpu_model, vendor;  // "AMD EPYC 9B14": the brand, for people; what it is: cpu_id()
  int family = 0, model = 0, stepping = 0;
  std::optional<int> implementer, part;  // of arm64, which has no family and model
  std::vector<std::string> isa;          // flags that matter to us, sorted
  int cores = 1, threads_per_core = 1;
  std::vector<std::string> caches;       // "L1d 32 KiB per core", ...
  std::string governor;                  // "performance", "none (no cpufreq)"
  double ghz_before = 0, ghz_after = 0;  // of the measuring core, 0 when not known
  std::string kernel, os;                // "6.1.0-18-amd64", "Debian GNU/Linux 12 (bookworm)"
  std::string container, hypervisor;     // "docker", "KVM"; "none"
  double memory_gib = 0, load_1min = 0;
  int pinned_cpu = -1;        // -1: not pinned
  std::string core_siblings;  // "none", or the ids that share the core
  bool operator==(const Machine&) const = default;
};
/// Of this machine; `cpu` is the measuring CPU, -1 for none. Its clock goes into ghz_before and
/// ghz_after: whoever measures overwrites ghz_after when done.
Machine describe_machine(int cpu);
/// The same from the files below `root`; `signature` is the vendor text of CPUID leaf 0x40000000.
Machine describe_machine(int cpu, const std::string& root, const std::string& signature);
CpuId cpu_id(const Machine&);
/// For people, and equal only where figures may stand side by side, if the id is known at all:
/// "AMD EPYC 9B14 (AuthenticAMD 25/17)", "unknown (known by its brand only)".
std::string cpu_text(const Machine&);
/// The same with the stepping: whose trials a journal holds.
std::string exact_cpu_text(const Machine&);
nlohmann::json to_json(const Machine&);
/// Tolerant of new fields. Error (exit 3) naming `where` and the JSON pointer below `pointer`.
Machine machine_from_json(const nlohmann::json&, const std::string& where = "machine",
                          const std::string& pointer = "");

/// How this program was made. Filled by CMake.
struct Toolchain {
  std::string commit;   // 40 hex digits, "unknown" outside a repository
  bool dirty = true;    // tracked files changed since the commit, at build time
  std::string version;  // of Halcyon
  std::string compiler, flags, build_type, halide;
  bool operator==(const Toolchain&) const = default;
};
Toolchain toolchain();

}  // namespace halcyon
