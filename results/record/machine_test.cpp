#include "results/record/machine.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/for_tests.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

/// A folder with the files of a machine; removed at the end.
class MachineTest : public testing::Test {
 protected:
  void put(const std::string& path, const std::string& text) { folder_.write(path, text); }
  /// A server core as a virtual machine shows it, two threads on a core.
  void put_server() {
    std::string cpuinfo;
    for (int i = 0; i < 4; ++i)
      cpuinfo += "processor\t: " + std::to_string(i) +
                 "\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 143\n"
                 "model name\t: Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz\nstepping\t: 8\n"
                 "flags\t\t: fpu fma avx2 avx512f amx_tile hypervisor\n\n";
    put("/proc/cpuinfo", cpuinfo);
    put("/proc/meminfo", "MemTotal:       16777216 kB\nMemFree:        1 kB\n");
    put("/proc/loadavg", "0.25 0.10 0.05 1/200 4242\n");
    put("/proc/sys/kernel/osrelease", "6.1.0-18-cloud-amd64\n");
    put("/proc/sys/kernel/hostname", "secret-host\n");
    put("/proc/1/cgroup", "0::/\n");
    put("/etc/os-release", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
    const std::string cpu = "/sys/devices/system/cpu/cpu1";
    put(cpu + "/topology/thread_siblings_list", "1,3\n");
    put(cpu + "/topology/core_cpus_list", "1,3\n");
    put(cpu + "/cpufreq/scaling_governor", "performance\n");
    put(cpu + "/cpufreq/scaling_cur_freq", "2700000\n");
    put_cache(cpu + "/cache/index0", "1", "Data", "48K", "1,3");
    put_cache(cpu + "/cache/index1", "1", "Instruction", "32K", "1,3");
    put_cache(cpu + "/cache/index2", "2", "Unified", "2048K", "1,3");
    put_cache(cpu + "/cache/index3", "3", "Unified", "107520K", "0-3");
  }
  void put_cache(const std::string& folder, const char* level, const char* type, const char* size,
                 const char* shared) {
    put(folder + "/level", level);
    put(folder + "/type", type);
    put(folder + "/size", size);
    put(folder + "/shared_cpu_list", shared);
  }
  const TestFolder folder_;
  const std::string& root_ = folder_.path();
};

TEST_F(MachineTest, ReadsAServer) {
  put_server();
  const Machine m = describe_machine(1, root_, "KVMKVMKVM");
  EXPECT_EQ(m.cpu_model, "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz");
  EXPECT_EQ(m.vendor, "GenuineIntel");
  EXPECT_EQ(m.family, 6);
  EXPECT_EQ(m.model, 143);
  EXPECT_EQ(m.stepping, 8);
  EXPECT_EQ(m.isa, (std::vector<std::string>{"amx_tile", "avx2", "avx512f", "fma"}));
  EXPECT_EQ(m.cores, 2);
  EXPECT_EQ(m.threads_per_core, 2);
  EXPECT_EQ(m.caches,
            (std::vector<std::string>{"L1d 48 KiB per core", "L1i 32 KiB per core",
                                      "L2 2 MiB per core", "L3 105 MiB shared by 4 CPUs"}));
  EXPECT_EQ(m.governor, "performance");
  EXPECT_EQ(m.ghz_before, 2.7);
  EXPECT_EQ(m.kernel, "6.1.0-18-cloud-amd64");
  EXPECT_EQ(m.os, "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(m.container, "none");
  EXPECT_EQ(m.hypervisor, "KVM");
  EXPECT_EQ(m.memory_gib, 16);
  EXPECT_EQ(m.load_1min, 0.25);
  EXPECT_EQ(m.pinned_cpu, 1);
  EXPECT_EQ(m.core_siblings, "3");
  EXPECT_EQ(to_json(m).dump().find("secret-host"), std::string::npos);
}

TEST_F(MachineTest, SaysWhatItsCpuIsToo) {
  put_server();
  const Machine server = describe_machine(1, root_, "");
  EXPECT_EQ(cpu_id(server).stepping, "GenuineIntel 6/143/8");
  EXPECT_EQ(cpu_text(server), "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz (GenuineIntel 6/143)");
  EXPECT_EQ(cpu_id(server), cpu_id(parse_cpuinfo("processor: 0\nvendor_id: GenuineIntel\n"
                                                 "cpu family: 6\nmodel: 143\nstepping: 8\n")));
  put("/proc/cpuinfo",
      "processor\t: 0\nFeatures\t: fp asimd asimddp\nCPU implementer\t: 0x41\n"
      "CPU variant\t: 0x0\nCPU part\t: 0xd42\nCPU revision\t: 1\n");
  const Machine board = describe_machine(0, root_, "");
  EXPECT_EQ(cpu_text(board), "a78ae (arm 0x41/0xd42)");
  EXPECT_EQ(machine_from_json(to_json(board)), board);
  nlohmann::json old = to_json(board);
  old.erase("implementer");
  old.erase("part");
  EXPECT_EQ(cpu_text(machine_from_json(old)), "a78ae (known by its brand only)");
}

// What a document says of a CPU whose numbers are masked is what the machine itself says.
TEST_F(MachineTest, MaskedNumbersAreSeenInADocumentToo) {
  put("/proc/cpuinfo",
      "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 167\n"
      "model name\t: Xeon\nflags\t\t: fpu fma avx2 avx512f avx512_vbmi2 avx512_bf16\n");
  EXPECT_EQ(cpu_text(describe_machine(0, root_, "")),
            "Xeon (GenuineIntel 6/167 as sapphirerapids)");
}

TEST_F(MachineTest, WhatIsNotThereIsUnknown) {
  const Machine m = describe_machine(-1, root_, "");
  EXPECT_EQ(m.cpu_model, "unknown");
  EXPECT_EQ(m.vendor, "unknown");
  EXPECT_EQ(m.kernel, "unknown");
  EXPECT_EQ(m.os, "unknown");
  EXPECT_EQ(m.governor, "none (no cpufreq)");
  EXPECT_EQ(m.hypervisor, "unknown");
  EXPECT_EQ(m.cores, 1);
  EXPECT_EQ(m.ghz_before, 0);
  EXPECT_EQ(m.pinned_cpu, -1);
  EXPECT_EQ(m.core_siblings, "none");
  EXPECT_EQ(machine_from_json(to_json(m)), m);
}

TEST_F(MachineTest, ContainersAreRecognised) {
  const auto container = [&] { return describe_machine(0, root_, "").container; };
  EXPECT_EQ(container(), "none");
  put("/run/systemd/container", "systemd-nspawn\n");
  EXPECT_EQ(container(), "systemd-nspawn");
  put("/.dockerenv", "");
  EXPECT_EQ(container(), "docker");
  put("/proc/1/cgroup", "0::/../../kubepods-besteffort-pod1a2b.slice/cri-containerd-9f.scope\n");
  EXPECT_EQ(container(), "kubernetes");
  put("/proc/1/cgroup", "1:cpu:/lxc/web1\n");
  EXPECT_EQ(container(), "lxc");  // the word only: never the name behind it
}

TEST_F(MachineTest, HypervisorsAreRecognised) {
  put_server();
  const auto hypervisor = [&](const char* signature) {
    return describe_machine(1, root_, signature).hypervisor;
  };
  EXPECT_EQ(hypervisor("Microsoft Hv"), "Hyper-V");
  EXPECT_EQ(hypervisor("TCGTCGTCGTCG"), "QEMU");
  EXPECT_EQ(hypervisor("NewHypervisr"), "unknown");  // the CPU says that there is one
  put("/sys/hypervisor/type", "xen\n");
  EXPECT_EQ(hypervisor(""), "xen");
  fs::remove(root_ + "/sys/hypervisor/type");
  put("/proc/cpuinfo", "processor : 0\nmodel name : Desk\nflags : fma avx2\n");
  EXPECT_EQ(hypervisor(""), "none");
}

TEST(Machine, ThisOneIsDescribedAndSurvivesJson) {
  const Machine m = describe_machine(0);
  EXPECT_EQ(machine_from_json(to_json(m)), m);
  EXPECT_NE(m.kernel, "unknown");
  EXPECT_GT(m.memory_gib, 0);
  char host[256] = "";
  ASSERT_EQ(gethostname(host, sizeof host), 0);
  const bool distinct = std::string(host).size() > 3;  // shorter ones stand in other words
  EXPECT_FALSE(distinct && to_json(m).dump().find(host) != std::string::npos);
}

TEST(Machine, ABrokenOneIsRefusedWithItsPointer) {
  nlohmann::json value = to_json(Machine());
  value["cores"] = 0;
  try {
    machine_from_json(value, "results.json", "/machine");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::data);
    EXPECT_STREQ(e.what(), "results.json: /machine/cores: found 0, allowed 1 .. 2147483647");
  }
}

TEST(Toolchain, SaysHowThisProgramWasMade) {
  const Toolchain t = toolchain();
  EXPECT_TRUE(t.commit == "unknown" || t.commit.size() == 40u) << t.commit;
  EXPECT_FALSE(t.version.empty());
  EXPECT_FALSE(t.build_type.empty());
  EXPECT_NE(t.compiler.find('.'), std::string::npos);
}

}  // namespace
}  // namespace halcyon
