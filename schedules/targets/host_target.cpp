#include <algorithm>
#include <sstream>

#include "kernels/error.h"
#include "schedules/targets/host.h"

namespace halcyon {
namespace {

/// x86 models, numbers as in LLVM 21's Host.cpp.
struct X86 {
  const char* vendor;
  int family, low, high;    // models low..high
  const char *name, *isa;   // `isa` that it has unless a hypervisor hides flags
  double fma_512, fma_256;  // vector FMAs started per cycle, by width
  const char* never = "";   // a flag that came later: who has it is none of these
};
// FMA units: AMD's software optimization guides 56305 (Zen 2), 56665 (Zen 3), 57647 (Zen 4: a
// 512-bit FMA takes both pipes) and 58455 (Zen 5; mobile parts keep Zen 4's half-width pipes);
// Intel's optimization manual 248966 (client Ice Lake, Tiger Lake and Rocket Lake have one 512-bit
// unit). First of a name: what a CPU is taken for that only its flags tell. The smallest Skylake-SP
// parts have one as well, which no CPUID bit tells.
constexpr X86 kX86[] = {
    {"AuthenticAMD", 23, 0x00, 0x2f, "zen1", "avx2", 0, 1, "avx512f"},
    {"AuthenticAMD", 23, 0x30, 0xaf, "zen2", "avx2", 0, 2, "avx512f"},
    {"AuthenticAMD", 25, 0x00, 0x0f, "zen3", "avx2", 0, 2, "avx512f"},
    {"AuthenticAMD", 25, 0x20, 0x5f, "zen3", "avx2", 0, 2, "avx512f"},
    {"AuthenticAMD", 25, 0x10, 0x1f, "zen4", "avx512", 1, 2, "avx_vnni"},
    {"AuthenticAMD", 25, 0x60, 0x7f, "zen4", "avx512", 1, 2, "avx_vnni"},
    {"AuthenticAMD", 25, 0xa0, 0xaf, "zen4", "avx512", 1, 2, "avx_vnni"},
    {"AuthenticAMD", 26, 0x00, 0x1f, "zen5", "avx512", 2, 2},
    {"AuthenticAMD", 26, 0x20, 0x3f, "zen5", "avx512", 1, 2},
    {"AuthenticAMD", 26, 0x40, 0x4f, "zen5", "avx512", 2, 2},
    {"AuthenticAMD", 26, 0x60, 0x6f, "zen5", "avx512", 1, 2},
    {"AuthenticAMD", 26, 0x70, 0x7f, "zen5", "avx512", 2, 2},
    {"GenuineIntel", 6, 0x55, 0x55, "skylake-avx512", "avx512", 2, 2, "avx512_vbmi2"},
    {"GenuineIntel", 6, 0x6a, 0x6c, "icelake", "avx512", 2, 2, "avx512_bf16"},
    {"GenuineIntel", 6, 0x7d, 0x7e, "icelake", "avx512", 1, 2, "avx512_bf16"},
    {"GenuineIntel", 6, 0x8c, 0x8d, "icelake", "avx512", 1, 2, "avx512_bf16"},
    {"GenuineIntel", 6, 0xa7, 0xa7, "icelake", "avx512", 1, 2, "avx512_bf16"},
    {"GenuineIntel", 6, 0x8f, 0x8f, "sapphirerapids", "avx512", 2, 2},
    {"GenuineIntel", 6, 0xcf, 0xcf, "sapphirerapids", "avx512", 2, 2},
    {"GenuineIntel", 6, 0xad, 0xae, "sapphirerapids", "avx512", 2, 2},
};

/// Arm's own cores by part number (MIDR_EL1); FMAs of 128 bits per cycle from their software
/// optimization guides.
struct Arm {
  int part;
  const char* name;
  double fma_128;
};
constexpr int kArmLtd = 0x41;
constexpr Arm kArm[] = {
    {0xd0b, "a76", 2},   {0xd0c, "neoverse-n1", 2}, {0xd40, "neoverse-v1", 4}, {0xd41, "a78", 2},
    {0xd42, "a78ae", 2}, {0xd49, "neoverse-n2", 2}, {0xd4f, "neoverse-v2", 4}};

/// What flags tell where a hypervisor shows numbers of another CPU, the newest first.
struct ByFlag {
  const char *vendor, *flag, *name;
};
constexpr ByFlag kByFlag[] = {
    {"AuthenticAMD", "avx_vnni", "zen5"},
    {"AuthenticAMD", "avx512f", "zen4"},
    {"GenuineIntel", "avx512_bf16", "sapphirerapids"},
    {"GenuineIntel", "avx512_vbmi2", "icelake"},
};

const X86* by_numbers(const CpuInfo& cpu) {
  for (const X86& x : kX86)
    if (cpu.vendor == x.vendor && cpu.family == x.family && x.low <= cpu.model &&
        cpu.model <= x.high)
      return &x;
  return nullptr;
}

const X86* by_flags(const CpuInfo& cpu) {
  for (const ByFlag& f : kByFlag)
    if (cpu.vendor == f.vendor && cpu.has(f.flag))
      for (const X86& x : kX86)
        if (std::string_view(x.name) == f.name) return &x;
  return nullptr;
}

const X86* find_x86(const CpuInfo& cpu) {
  return numbers_are_masked(cpu) ? by_flags(cpu) : by_numbers(cpu);
}

const Arm* find_arm(const CpuInfo& cpu) {
  for (const Arm& a : kArm)
    if (cpu.arch == "aarch64" && cpu.implementer == kArmLtd && cpu.part == a.part) return &a;
  return nullptr;
}

/// A Halide target string and what its objects may ask of a CPU: not only the features it names,
/// for Halide 21 hands LLVM an -mcpu with it (haswell, skylake-avx512, znver4, znver5), and with
/// that come bit manipulation, movbe, gfni and AMD's sse4a. Flags that only intrinsics reach are
/// left out.
struct Isa {
  const char *arch, *isa, *halide;
  const char* needs;  // beyond what the rows of the same arch below it need
  int vector_bits, vector_registers;
  double fma_per_cycle;  // of a CPU that is in no table: the least that the class has
  bool f16;
  bool beside = false;  // rows above do not build on it
};
// Richest first: a host takes the first whose flags it has. Before FMA a core pairs one multiply
// and one add per cycle, which counts as one FMA. Sapphire Rapids' word lets LLVM use AMX, too, but
// neither it nor Halide does unasked.
constexpr Isa kIsas[] = {
    {"x86_64", "avx512",
     "x86-64-linux-avx-avx2-avx512-avx512_cannonlake-avx512_skylake-avx512_zen4-avx512_zen5-f16c-"
     "fma-sse41",
     "avx_vnni", 512, 32, 1, false},
    {"x86_64", "avx512",
     "x86-64-linux-avx-avx2-avx512-avx512_cannonlake-avx512_skylake-avx512_zen4-f16c-fma-sse41",
     "avx512_bf16 avx512_bitalg avx512_vbmi2 avx512_vnni avx512_vpopcntdq avx512ifma avx512vbmi "
     "gfni "
     "sse4a",
     512, 32, 1, false},
    {"x86_64", "avx512",
     "x86-64-linux-avx-avx2-avx512-avx512_cannonlake-avx512_sapphirerapids-avx512_skylake-"
     "avx512_zen4-f16c-fma-sse41",
     "avx512_bf16 avx512_bitalg avx512_fp16 avx512_vbmi2 avx512_vnni avx512_vpopcntdq avx512ifma "
     "avx512vbmi avx_vnni gfni",
     512, 32, 2, false, true},
    {"x86_64", "avx512", "x86-64-linux-avx-avx2-avx512-avx512_skylake-f16c-fma-sse41",
     "avx512bw avx512cd avx512dq avx512f avx512vl", 512, 32, 1, false},
    {"x86_64", "avx2", "x86-64-linux-avx-avx2-f16c-fma-sse41",
     "abm avx avx2 bmi1 bmi2 f16c fma movbe popcnt sse4_2", 256, 16, 2, false},
    {"x86_64", "sse2", "x86-64-linux-sse41", "sse4_1 ssse3", 128, 16, 1, false},
    {"x86_64", "sse2", "x86-64-linux", "sse2", 128, 16, 1, false},
    {"aarch64", "neon", "arm-64-linux-arm_dot_prod-arm_fp16-armv82a",
     "asimddp asimdhp asimdrdm atomics fphp", 128, 32, 2, true},
    {"aarch64", "neon", "arm-64-linux", "asimd", 128, 32, 2, false},
};

std::vector<std::string> needs_of(const Isa& isa) {
  std::vector<std::string> needs;
  for (const Isa* row = &isa; row != std::end(kIsas) && row->arch == std::string_view(isa.arch);
       row++) {
    if (row->beside && row != &isa) continue;
    std::istringstream words(row->needs);
    for (std::string word; words >> word;) needs.push_back(word);
  }
  std::sort(needs.begin(), needs.end());
  return needs;
}

std::vector<std::string> lacking(const CpuInfo& cpu, const std::vector<std::string>& needs) {
  std::vector<std::string> missing;
  for (const auto& flag : needs)
    if (!cpu.has(flag)) missing.push_back(flag);
  return missing;
}

const Isa& best_isa(const CpuInfo& cpu) {
  for (const Isa& isa : kIsas)
    if (isa.arch == cpu.arch && lacking(cpu, needs_of(isa)).empty()) return isa;
  throw Error(
      Exit::environment,
      "this CPU is neither x86_64 with sse2 nor aarch64 with asimd, as /proc/cpuinfo has it");
}

/// "AMD EPYC, AuthenticAMD family 25 model 17", "implementer 0x41 part 0xd42".
std::string described(const CpuInfo& cpu) {
  std::ostringstream text;
  if (!cpu.model_name.empty()) text << cpu.model_name << ", ";
  if (cpu.arch == "aarch64")
    text << std::hex << "implementer 0x" << cpu.implementer << " part 0x" << cpu.part;
  else
    text << cpu.vendor << " family " << cpu.family << " model " << cpu.model;
  if (numbers_are_masked(cpu)) text << ", by its flags " << microarchitecture(cpu);
  return text.str();
}

void take_caches(Target& t, const std::vector<CpuCache>& caches) {
  for (const CpuCache& c : caches) {
    if (c.type == "Instruction") continue;
    if (c.level == 1) t.l1d_bytes = c.bytes;
    if (c.level == 2) t.l2_bytes = c.bytes;
    if (c.level == 3) t.l3_bytes = c.bytes;
  }
}

/// CPUs that do not share a core with one before them.
int count_cores(const std::string& sysfs, const std::vector<int>& cpus) {
  int cores = 0;
  for (int cpu : cpus) {
    const auto siblings = read_core_siblings(sysfs, cpu);
    cores += std::none_of(siblings.begin(), siblings.end(), [&](int other) {
      return other < cpu && std::find(cpus.begin(), cpus.end(), other) != cpus.end();
    });
  }
  return std::max(cores, 1);
}

}  // namespace

bool numbers_are_masked(const CpuInfo& cpu) {
  const X86* x = by_numbers(cpu);
  return x && *x->never && cpu.has(x->never);
}

std::string microarchitecture(const CpuInfo& cpu) {
  if (const X86* x = find_x86(cpu)) return x->name;
  if (const Arm* a = find_arm(cpu)) return a->name;
  return "";
}

Target host_target(const CpuInfo& cpu, const std::string& sysfs, const std::vector<int>& cpus) {
  const Isa& isa = best_isa(cpu);
  Target t{.name = "host",
           .description = "this machine: " + described(cpu),
           .family = isa.isa,
           .halide = isa.halide,
           .isa = isa.isa,
           .needs = needs_of(isa),
           .arch = isa.arch,
           .device = device_words().front(),
           .meters = {"ns"},
           .vector_bits = isa.vector_bits,
           .vector_registers = isa.vector_registers,
           .cores = count_cores(sysfs, cpus),
           .fma_per_cycle = isa.fma_per_cycle,
           .max_ghz = read_max_ghz(sysfs, cpus.empty() ? 0 : cpus.front()),
           .f16 = isa.f16,
           .fma_by_element = isa.isa == std::string_view("neon"),
           .memory_operands = isa.isa != std::string_view("neon"),
           .prefetch_gains = true};
  take_caches(t, read_caches(sysfs, cpus.empty() ? 0 : cpus.front()));
  // A CPU whose flags are partly hidden is not what its schedules were tuned on.
  if (const X86* x = find_x86(cpu)) {
    if (t.isa == x->isa) t.family = x->name;
    if (t.vector_bits == 512) t.fma_per_cycle = x->fma_512;
    if (t.vector_bits == 256) t.fma_per_cycle = x->fma_256;
  }
  if (const Arm* a = find_arm(cpu)) {
    t.family = a->name;
    t.fma_per_cycle = a->fma_128;
  }
  return t;
}

Target detect_host() { return host_target(read_cpuinfo(), "/sys", allowed_cpus()); }

std::string why_not_runnable(const Target& t, const CpuInfo& cpu) {
  if (t.arch != cpu.arch) return "needs a CPU of " + t.arch + ", this one is " + cpu.arch;
  const auto missing = lacking(cpu, t.needs);
  if (missing.empty()) return "";
  std::string others;
  if (missing.size() > 1) others = " (and " + std::to_string(missing.size() - 1) + " more flags)";
  return "needs " + missing.front() + others + ", which this CPU (" + described(cpu) + ") lacks";
}

std::string why_not_runnable(const Target& t) { return why_not_runnable(t, read_cpuinfo()); }

}  // namespace halcyon
