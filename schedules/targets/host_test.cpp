#include "schedules/targets/host.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "kernels/error.h"
#include "kernels/for_tests.h"

namespace halcyon {
namespace {

// /proc/cpuinfo of real machines, one processor each, lines that nobody reads left out.
constexpr const char* kZen4 = R"(processor	: 0
vendor_id	: AuthenticAMD
cpu family	: 25
model		: 17
model name	: AMD EPYC
stepping	: 1
flags		: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx mmxext fxsr_opt pdpe1gb rdtscp lm constant_tsc rep_good nopl xtopology nonstop_tsc cpuid extd_apicid tsc_known_freq pni pclmulqdq ssse3 fma cx16 pcid sse4_1 sse4_2 x2apic movbe popcnt tsc_deadline_timer aes xsave avx f16c rdrand hypervisor lahf_lm cmp_legacy cr8_legacy abm sse4a misalignsse 3dnowprefetch osvw topoext vmmcall fsgsbase tsc_adjust bmi1 avx2 smep bmi2 erms invpcid avx512f avx512dq rdseed adx smap avx512ifma clflushopt clwb avx512cd sha_ni avx512bw avx512vl xsaveopt xsavec xgetbv1 xsaves avx512_bf16 clzero xsaveerptr arat avx512vbmi umip avx512_vbmi2 gfni vaes vpclmulqdq avx512_vnni avx512_bitalg avx512_vpopcntdq rdpid fsrm
bogomips	: 5192.29

processor	: 1
vendor_id	: AuthenticAMD
cpu family	: 25
model		: 99
)";
constexpr const char* kZen3 = R"(processor	: 0
vendor_id	: AuthenticAMD
cpu family	: 25
model		: 1
model name	: AMD EPYC 7B13
stepping	: 0
flags		: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx mmxext fxsr_opt pdpe1gb rdtscp lm constant_tsc rep_good nopl nonstop_tsc cpuid extd_apicid tsc_known_freq pni pclmulqdq ssse3 fma cx16 pcid sse4_1 sse4_2 x2apic movbe popcnt aes xsave avx f16c rdrand hypervisor lahf_lm cmp_legacy cr8_legacy abm sse4a misalignsse 3dnowprefetch osvw topoext ssbd ibrs ibpb stibp vmmcall fsgsbase tsc_adjust bmi1 avx2 smep bmi2 erms invpcid rdseed adx smap clflushopt clwb sha_ni xsaveopt xsavec xgetbv1 clzero xsaveerptr arat npt nrip_save umip vaes vpclmulqdq rdpid fsrm
)";
constexpr const char* kZen5 = R"(processor	: 0
vendor_id	: AuthenticAMD
cpu family	: 26
model		: 2
model name	: AMD EPYC 9B45
stepping	: 1
flags		: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx mmxext fxsr_opt pdpe1gb rdtscp lm constant_tsc rep_good nopl xtopology nonstop_tsc cpuid extd_apicid tsc_known_freq pni pclmulqdq ssse3 fma cx16 pcid sse4_1 sse4_2 x2apic movbe popcnt aes xsave avx f16c rdrand hypervisor lahf_lm cmp_legacy cr8_legacy abm sse4a misalignsse 3dnowprefetch osvw topoext ssbd ibrs ibpb stibp vmmcall fsgsbase tsc_adjust bmi1 avx2 smep bmi2 erms invpcid avx512f avx512dq rdseed adx smap avx512ifma clflushopt clwb avx512cd sha_ni avx512bw avx512vl xsaveopt xsavec xgetbv1 xsaves avx_vnni avx512_bf16 clzero xsaveerptr wbnoinvd arat avx512vbmi umip avx512_vbmi2 gfni vaes vpclmulqdq avx512_vnni avx512_bitalg avx512_vpopcntdq la57 rdpid movdiri movdir64b fsrm avx512_vp2intersect
)";
constexpr const char* kSkylake = R"(processor	: 0
vendor_id	: GenuineIntel
cpu family	: 6
model		: 85
model name	: Intel(R) Core(TM) i9-7900X CPU @ 3.30GHz
stepping	: 4
flags		: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush dts acpi mmx fxsr sse sse2 ss ht tm pbe syscall nx pdpe1gb rdtscp lm constant_tsc art arch_perfmon pebs bts rep_good nopl xtopology nonstop_tsc cpuid aperfmperf pni pclmulqdq dtes64 monitor ds_cpl vmx est tm2 ssse3 sdbg fma cx16 xtpr pdcm pcid dca sse4_1 sse4_2 x2apic movbe popcnt tsc_deadline_timer aes xsave avx f16c rdrand lahf_lm abm 3dnowprefetch cpuid_fault epb cat_l3 cdp_l3 fsgsbase tsc_adjust bmi1 avx2 smep bmi2 erms invpcid cqm mpx rdt_a avx512f avx512dq rdseed adx smap clflushopt clwb intel_pt avx512cd avx512bw avx512vl xsaveopt xsavec xgetbv1 xsaves cqm_llc cqm_occup_llc
)";
constexpr const char* kIvyBridge = R"(processor	: 0
vendor_id	: GenuineIntel
cpu family	: 6
model		: 58
model name	: Intel(R) Core(TM) i7-3770 CPU @ 3.40GHz
stepping	: 9
flags		: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush dts acpi mmx fxsr sse sse2 ss ht tm pbe syscall nx rdtscp lm constant_tsc arch_perfmon pebs bts rep_good nopl xtopology nonstop_tsc cpuid aperfmperf pni pclmulqdq dtes64 monitor ds_cpl vmx smx est tm2 ssse3 cx16 xtpr pdcm pcid sse4_1 sse4_2 x2apic popcnt tsc_deadline_timer aes xsave avx f16c rdrand lahf_lm cpuid_fault epb fsgsbase smep erms xsaveopt
)";
constexpr const char* kCortexA78AE = R"(processor	: 0
BogoMIPS	: 62.50
Features	: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp uscat ilrcpc flagm paca pacg
CPU implementer	: 0x41
CPU architecture: 8
CPU variant	: 0x0
CPU part	: 0xd42
CPU revision	: 1

processor	: 1
Features	: fp
CPU part	: 0xd0b
)";
constexpr const char* kCortexA72 = R"(processor	: 0
BogoMIPS	: 108.00
Features	: fp asimd evtstrm crc32 cpuid
CPU implementer	: 0x41
CPU architecture: 8
CPU part	: 0xd08
)";

/// A folder that stands for /sys; goes with the object.
class Sysfs {
 public:
  void write(const std::string& path, const std::string& text) const {
    folder_.write("devices/system/cpu/" + path, text + "\n");
  }
  void cache(int index, const std::string& level, const std::string& type, const std::string& size,
             const std::string& shared) const {
    const std::string folder = "cpu0/cache/index" + std::to_string(index) + "/";
    write(folder + "level", level);
    write(folder + "type", type);
    write(folder + "size", size);
    write(folder + "shared_cpu_list", shared);
  }

 private:
  const TestFolder folder_;

 public:
  const std::string& root = folder_.path();
};

Target host_of(const std::string& cpuinfo) {
  return host_target(parse_cpuinfo(cpuinfo), "/nonexistent", {0});
}

/// cpuinfo with one flag hidden, as a hypervisor does.
std::string without(std::string cpuinfo, const std::string& flag) {
  const size_t at = cpuinfo.find(" " + flag + " ");
  EXPECT_NE(at, std::string::npos) << flag;
  return cpuinfo.erase(at, flag.size() + 1);
}

// Catches fields of the last processor overwriting the first one's, and hexadecimal read as
// decimal.
TEST(Host, CpuinfoIsThatOfTheFirstProcessor) {
  const CpuInfo amd = parse_cpuinfo(kZen4);
  EXPECT_EQ(amd.arch, "x86_64");
  EXPECT_EQ(amd.vendor, "AuthenticAMD");
  EXPECT_EQ(amd.model_name, "AMD EPYC");
  EXPECT_EQ(amd.family, 25);
  EXPECT_EQ(amd.model, 17);
  EXPECT_EQ(amd.stepping, 1);
  EXPECT_EQ(amd.processors, 2);
  EXPECT_TRUE(amd.has("avx512_bf16"));
  EXPECT_FALSE(amd.has("avx512"));
  const CpuInfo arm = parse_cpuinfo(kCortexA78AE);
  EXPECT_EQ(arm.arch, "aarch64");
  EXPECT_EQ(arm.implementer, 0x41);
  EXPECT_EQ(arm.part, 0xd42);
  EXPECT_EQ(arm.processors, 2);
  EXPECT_TRUE(arm.has("asimddp"));
}

struct Expected {
  const char *cpuinfo, *family, *isa, *halide_word;
  int vector_bits, vector_registers;
  double fma_per_cycle;
};

TEST(Host, FamilyIsaAndWidthFollowFromNumbersAndFlags) {
  for (const Expected& e : {
           Expected{kZen3, "zen3", "avx2", "avx2", 256, 16, 2},
           Expected{kZen4, "zen4", "avx512", "avx512_zen4", 512, 32, 1},
           Expected{kZen5, "zen5", "avx512", "avx512_zen5", 512, 32, 2},
           Expected{kSkylake, "skylake-avx512", "avx512", "avx512_skylake", 512, 32, 2},
           Expected{kIvyBridge, "sse2", "sse2", "sse41", 128, 16, 1},
           Expected{kCortexA78AE, "a78ae", "neon", "arm_dot_prod", 128, 32, 2},
           Expected{kCortexA72, "neon", "neon", "linux", 128, 32, 2},
       }) {
    const Target t = host_of(e.cpuinfo);
    SCOPED_TRACE(e.family);
    EXPECT_EQ(t.name, "host");
    EXPECT_EQ(t.family, e.family);
    EXPECT_EQ(t.isa, e.isa);
    EXPECT_NE(("-" + t.halide + "-").find("-" + std::string(e.halide_word) + "-"),
              std::string::npos)
        << t.halide;
    EXPECT_EQ(t.vector_bits, e.vector_bits);
    EXPECT_EQ(t.vector_registers, e.vector_registers);
    EXPECT_EQ(t.fma_per_cycle, e.fma_per_cycle);
    EXPECT_EQ(why_not_runnable(t, parse_cpuinfo(e.cpuinfo)), "");
  }
}

/// A Sapphire Rapids as some hypervisors show it: with the numbers of a Rocket Lake.
constexpr const char* kMasked = R"(processor	: 0
vendor_id	: GenuineIntel
cpu family	: 6
model		: 167
model name	: Intel(R) Xeon(R) Processor
stepping	: 1
flags		: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ss ht syscall nx pdpe1gb rdtscp lm pni pclmulqdq ssse3 fma cx16 pcid sse4_1 sse4_2 x2apic movbe popcnt aes xsave avx f16c rdrand hypervisor lahf_lm abm 3dnowprefetch bmi1 avx2 smep bmi2 erms avx512f avx512dq rdseed adx smap avx512ifma avx512cd sha_ni avx512bw avx512vl avx_vnni avx512_bf16 avx512vbmi umip avx512_vbmi2 gfni vaes vpclmulqdq avx512_vnni avx512_bitalg avx512_vpopcntdq rdpid amx_bf16 avx512_fp16 amx_tile amx_int8
)";

// A Rocket Lake starts one 512-bit FMA a cycle, and tiles made for it leave half of two units idle.
TEST(Host, FlagsHaveTheLastWordWhereNumbersContradictThem) {
  const Target t = host_of(kMasked);
  EXPECT_EQ(t.family, "sapphirerapids");
  EXPECT_EQ(t.fma_per_cycle, 2);
  EXPECT_NE(t.description.find("by its flags sapphirerapids"), std::string::npos) << t.description;
  const Target rocket_lake = host_of(without(without(kMasked, "avx512_bf16"), "avx512_fp16"));
  EXPECT_EQ(rocket_lake.family, "icelake");
  EXPECT_EQ(rocket_lake.fma_per_cycle, 1);
  EXPECT_FALSE(numbers_are_masked(parse_cpuinfo(kZen3)));
  EXPECT_FALSE(numbers_are_masked(parse_cpuinfo(kZen4)));
  EXPECT_FALSE(numbers_are_masked(parse_cpuinfo(kZen5)));
  EXPECT_FALSE(numbers_are_masked(parse_cpuinfo(kSkylake)));
}

// Catches code with AVX or FMA chosen for a CPU that has only the former.
TEST(Host, CpuBeforeAvx2GetsNoAvx) {
  const Target t = host_of(kIvyBridge);
  EXPECT_EQ(t.halide, "x86-64-linux-sse41");
  EXPECT_EQ(t.needs, (std::vector<std::string>{"sse2", "sse4_1", "ssse3"}));
}

TEST(Host, OnlyArmHasHalfPrecisionAndOnlyWithTheFlags) {
  EXPECT_TRUE(host_of(kCortexA78AE).f16);
  EXPECT_FALSE(host_of(kCortexA72).f16);
  EXPECT_FALSE(host_of(kZen5).f16);
  EXPECT_TRUE(host_of(kCortexA72).fma_by_element);
  EXPECT_FALSE(host_of(kZen5).fma_by_element);
  EXPECT_FALSE(host_of(kCortexA72).memory_operands);
  EXPECT_TRUE(host_of(kZen5).memory_operands);
}

// Catches family taken from the model alone: tuned schedules of a Zen 4 need its registers.
TEST(Host, HiddenFlagsLowerTheIsaAndTheFamily) {
  const Target no_avx512 = host_of(without(kZen4, "avx512vl"));
  EXPECT_EQ(no_avx512.isa, "avx2");
  EXPECT_EQ(no_avx512.family, "avx2");
  EXPECT_EQ(no_avx512.vector_bits, 256);
  EXPECT_EQ(no_avx512.fma_per_cycle, 2);
  const Target no_vbmi = host_of(without(kZen4, "avx512vbmi"));
  EXPECT_EQ(no_vbmi.isa, "avx512");
  EXPECT_EQ(no_vbmi.family, "zen4");
  EXPECT_EQ(no_vbmi.halide.find("zen4"), std::string::npos) << no_vbmi.halide;
  EXPECT_EQ(host_of(without(kZen3, "movbe")).isa, "sse2");
}

// Zen 4 objects may hold AMD's sse4a: an Intel CPU with every AVX-512 flag must not get them.
TEST(Host, AmdObjectsAreNotForCpusWithoutSse4a) {
  const CpuInfo cpu = parse_cpuinfo(without(kZen4, "sse4a"));
  EXPECT_EQ(host_target(cpu, "/nonexistent", {0}).halide.find("zen4"), std::string::npos);
  EXPECT_NE(why_not_runnable(host_of(kZen4), cpu), "");
}

TEST(Host, ReasonNamesTheFlagAndTheCpu) {
  EXPECT_EQ(why_not_runnable(host_of(kSkylake), parse_cpuinfo(kZen3)),
            "needs avx512bw (and 4 more flags), which this CPU (AMD EPYC 7B13, AuthenticAMD family "
            "25 model 1) lacks");
  EXPECT_EQ(why_not_runnable(host_of(kCortexA72), parse_cpuinfo(kZen3)),
            "needs a CPU of aarch64, this one is x86_64");
  EXPECT_EQ(why_not_runnable(host_of(kZen3), parse_cpuinfo(kZen4)), "");
}

// One instruction too new is a SIGILL in somebody's run: every target that we ship on every CPU.
TEST(Host, TargetsRunOnlyWhereTheirCodeDoes) {
  const std::map<std::string, std::set<std::string>> runs_on = {
      {"x86-avx2", {"zen3", "zen4", "zen5", "skylake"}},
      {"x86-avx512", {"zen4", "zen5", "skylake"}},
      {"x86-zen3", {"zen3", "zen4", "zen5", "skylake"}},  // plain AVX2, tiled for a Zen 3
      {"x86-zen4", {"zen4", "zen5"}},
      {"x86-zen5", {"zen5"}},
  };
  const std::map<std::string, const char*> cpus = {
      {"zen3", kZen3},       {"zen4", kZen4},           {"zen5", kZen5},
      {"skylake", kSkylake}, {"ivybridge", kIvyBridge}, {"a78ae", kCortexA78AE}};
  for (const auto& [name, allowed] : runs_on)
    for (const auto& [cpu, text] : cpus) {
      const Target t = find_target(name, HALCYON_SOURCE_DIR "/schedules/targets");
      const std::string why_not = why_not_runnable(t, parse_cpuinfo(text));
      EXPECT_EQ(why_not.empty(), allowed.count(cpu) > 0)
          << name << " on " << cpu << ": " << why_not;
    }
}

TEST(Host, NeitherX86NorArmIsAnErrorOfTheSurroundings) {
  try {
    host_of("processor\t: 0\nisa\t: rv64imafdc\n");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::environment);
  }
}

TEST(Host, CpuListsReadAndPrint) {
  EXPECT_EQ(parse_cpu_list("0-3,8"), (std::vector<int>{0, 1, 2, 3, 8}));
  EXPECT_EQ(parse_cpu_list("5\n"), (std::vector<int>{5}));
  EXPECT_EQ(parse_cpu_list(""), (std::vector<int>{}));
  EXPECT_EQ(parse_cpu_list("x,3-,7,0-999999999"), (std::vector<int>{7}));
  EXPECT_EQ(cpu_list_text({0, 1, 2, 3, 8}), "0-3,8");
  EXPECT_EQ(cpu_list_text({4}), "4");
  EXPECT_EQ(cpu_list_text({}), "none");
}

// Catches the instruction cache taken for the data cache: it comes second and often has another
// size.
TEST(Host, CachesComeFromSysfsInBytes) {
  Sysfs sys;
  sys.cache(0, "1", "Data", "48K", "0");
  sys.cache(1, "1", "Instruction", "64K", "0");
  sys.cache(2, "2", "Unified", "1024K", "0,4");
  sys.cache(3, "3", "Unified", "32M", "0-7");
  const auto caches = read_caches(sys.root, 0);
  ASSERT_EQ(caches.size(), 4u);
  EXPECT_EQ(caches[2].shared_by, (std::vector<int>{0, 4}));
  const Target t = host_target(parse_cpuinfo(kZen5), sys.root, {0});
  EXPECT_EQ(t.l1d_bytes, 48 << 10);
  EXPECT_EQ(t.l2_bytes, 1 << 20);
  EXPECT_EQ(t.l3_bytes, 32 << 20);
}

TEST(Host, WhatAMachineDoesNotSayIsUnknownNotAnError) {
  EXPECT_TRUE(read_caches("/nonexistent", 0).empty());
  EXPECT_EQ(read_governor("/nonexistent", 0), "none (no cpufreq)");
  EXPECT_EQ(read_ghz("/nonexistent", 0), 0);
  EXPECT_TRUE(read_core_siblings("/nonexistent", 0).empty());
  const Target t = host_of(kZen4);
  EXPECT_EQ(t.l1d_bytes, 0);
  EXPECT_EQ(t.max_ghz, 0);
  EXPECT_EQ(t.cores, 1);
}

// Catches hyperthreads counted as cores, and a core left out because its sibling is not allowed.
TEST(Host, CoresAreCountedWithoutSiblings) {
  Sysfs sys;
  for (int cpu = 0; cpu < 4; cpu++) {
    const std::string pair = cpu % 2 ? "1,3" : "0,2";
    sys.write("cpu" + std::to_string(cpu) + "/topology/thread_siblings_list", pair);
  }
  sys.write("cpu0/cpufreq/scaling_governor", "powersave");
  sys.write("cpu0/cpufreq/scaling_cur_freq", "2600000");
  sys.write("cpu0/cpufreq/cpuinfo_max_freq", "3700000");
  const CpuInfo cpu = parse_cpuinfo(kZen4);
  EXPECT_EQ(host_target(cpu, sys.root, {0, 1, 2, 3}).cores, 2);
  EXPECT_EQ(host_target(cpu, sys.root, {2, 3}).cores, 2);
  EXPECT_EQ(host_target(cpu, sys.root, {0, 2}).cores, 1);
  EXPECT_EQ(read_core_siblings(sys.root, 2), (std::vector<int>{0}));
  EXPECT_EQ(read_governor(sys.root, 0), "powersave");
  EXPECT_DOUBLE_EQ(read_ghz(sys.root, 0), 2.6);
  EXPECT_DOUBLE_EQ(host_target(cpu, sys.root, {0, 1}).max_ghz, 3.7);
}

TEST(Host, ThisMachineCanRunItsOwnTarget) {
  EXPECT_EQ(why_not_runnable(detect_host()), "");
  EXPECT_GE(detect_host().cores, 1);
  EXPECT_FALSE(allowed_cpus().empty());
}

}  // namespace
}  // namespace halcyon
