#include "results/record/machine.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "kernels/text_file.h"
#include "results/record/fields.h"
#include "schedules/targets/host.h"
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace halcyon {

void fields(auto& visit, MaybeConst<Machine> auto& m) {
  visit("cpu_model", m.cpu_model);
  visit("vendor", m.vendor);
  visit("family", m.family);
  visit("model", m.model);
  visit("stepping", m.stepping);
  visit.if_there("implementer", m.implementer);
  visit.if_there("part", m.part);
  visit("isa", m.isa);
  visit("cores", m.cores, 1);
  visit("threads_per_core", m.threads_per_core, 1);
  visit("caches", m.caches);
  visit("governor", m.governor);
  visit("ghz_before", m.ghz_before);
  visit("ghz_after", m.ghz_after);
  visit("kernel", m.kernel);
  visit("os", m.os);
  visit("container", m.container);
  visit("hypervisor", m.hypervisor);
  visit("memory_gib", m.memory_gib);
  visit("load_1min", m.load_1min);
  visit("pinned_cpu", m.pinned_cpu, -1);
  visit("core_siblings", m.core_siblings);
}

namespace {

namespace fs = std::filesystem;

// Those that decide which kernels can run or how fast, and that tell a CPU whose numbers are
// masked; /proc/cpuinfo lists some 150.
constexpr std::array kIsaFlags = {
    "sse4_2",   "avx",      "f16c",     "fma",         "avx2",        "avx_vnni",    "avx512f",
    "avx512bw", "avx512dq", "avx512vl", "avx512_vnni", "avx512_bf16", "avx512_fp16", "avx512_vbmi2",
    "amx_tile", "amx_int8", "amx_bf16", "asimd",       "asimddp",     "asimdhp",     "fphp",
    "i8mm",     "bf16",     "sve",      "sve2"};

struct Word {
  const char *text, *name;
};
// What a path in /proc/1/cgroup tells; with cgroup 2 it is often empty, then the files below.
constexpr std::array kCgroupWords = {Word{"kubepods", "kubernetes"}, Word{"docker", "docker"},
                                     Word{"libpod", "podman"}, Word{"lxc", "lxc"},
                                     Word{"containerd", "containerd"}};
constexpr std::array kContainerFiles = {Word{"/.dockerenv", "docker"},
                                        Word{"/run/.containerenv", "podman"}};
constexpr std::array kSignatures = {
    Word{"KVMKVMKVM", "KVM"},           Word{"Microsoft Hv", "Hyper-V"},
    Word{"VMwareVMware", "VMware"},     Word{"XenVMMXenVMM", "Xen"},
    Word{"TCGTCGTCGTCG", "QEMU"},       Word{"bhyve bhyve ", "bhyve"},
    Word{"VBoxVBoxVBox", "VirtualBox"}, Word{" lrpepyh  vr", "Parallels"}};

constexpr const char* kUnknown = "unknown";
std::string or_unknown(const std::string& text) { return text.empty() ? kUnknown : text; }

/// The value of `name` in lines of "name<separator>value"; empty when it is not there.
std::string value_of(const std::string& text, const std::string& name, char separator) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, name.size() + 1, name + separator) != 0) continue;
    std::string value = line.substr(name.size() + 1);
    const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
    return quoted ? value.substr(1, value.size() - 2) : value;
  }
  return "";
}

std::string named(const Machine& m, const std::string& id) {
  return m.cpu_model + " (" + (id.empty() ? "known by its brand only" : id) + ")";
}

std::string container_of(const std::string& root) {
  const std::string cgroup = text_if_readable(root + "/proc/1/cgroup");
  for (const Word& w : kCgroupWords)
    if (cgroup.find(w.text) != cgroup.npos) return w.name;
  for (const Word& w : kContainerFiles) {
    std::error_code ignored;
    if (fs::exists(root + w.text, ignored)) return w.name;
  }
  const std::string manager = first_line_if_readable(root + "/run/systemd/container");
  return manager.empty() ? "none" : manager;
}

std::string hypervisor_of(const CpuInfo& cpu, const std::string& root,
                          const std::string& signature) {
  for (const Word& w : kSignatures)
    if (signature.starts_with(w.text)) return w.name;
  const std::string type = first_line_if_readable(root + "/sys/hypervisor/type");
  if (!type.empty()) return type;
  if (cpu.has("hypervisor")) return "unknown";
  // Arm has no such flag; firmware of virtual machines names itself.
  const std::string product = first_line_if_readable(root + "/sys/class/dmi/id/product_name");
  if (product.find("KVM") != product.npos || product.find("QEMU") != product.npos) return "KVM";
  return cpu.arch == "x86_64" ? "none" : "unknown";
}

/// "L2 1024 KiB per core", "L3 32 MiB shared by 8 CPUs".
std::string cache_text(const CpuCache& c, std::size_t threads_per_core) {
  const std::string kind = c.type == "Data" ? "d" : c.type == "Instruction" ? "i" : "";
  const bool whole = c.bytes >= 1 << 20 && c.bytes % (1 << 20) == 0;
  const std::string size =
      whole ? std::to_string(c.bytes >> 20) + " MiB" : std::to_string(c.bytes >> 10) + " KiB";
  const std::string sharing = c.shared_by.size() <= threads_per_core
                                  ? " per core"
                                  : " shared by " + std::to_string(c.shared_by.size()) + " CPUs";
  return "L" + std::to_string(c.level) + kind + " " + size + sharing;
}

std::string hypervisor_signature() {
#if defined(__x86_64__)
  unsigned a = 0;
  std::array<unsigned, 4> text = {};
  __cpuid(0x40000000, a, text[0], text[1], text[2]);
  return reinterpret_cast<const char*>(text.data());
#else
  return "";
#endif
}

}  // namespace

Machine describe_machine(int cpu, const std::string& root, const std::string& signature) {
  const std::string sysfs = root + "/sys";
  const int core = std::max(cpu, 0);
  const CpuInfo info = parse_cpuinfo(text_if_readable(root + "/proc/cpuinfo"));
  const auto siblings = read_core_siblings(sysfs, core);
  Machine m;
  m.cpu_model = info.model_name.empty() ? or_unknown(microarchitecture(info)) : info.model_name;
  m.vendor = or_unknown(info.vendor);
  m.family = info.family;
  m.model = info.model;
  m.stepping = info.stepping;
  if (info.implementer > 0) m.implementer = info.implementer;
  if (info.part > 0) m.part = info.part;
  for (const char* flag : kIsaFlags)
    if (info.has(flag)) m.isa.push_back(flag);
  std::sort(m.isa.begin(), m.isa.end());
  m.threads_per_core = 1 + static_cast<int>(siblings.size());
  m.cores = std::max(1, info.processors / m.threads_per_core);
  for (const CpuCache& c : read_caches(sysfs, core))
    m.caches.push_back(cache_text(c, siblings.size() + 1));
  m.governor = read_governor(sysfs, core);
  m.ghz_before = m.ghz_after = read_ghz(sysfs, core);
  m.kernel = or_unknown(first_line_if_readable(root + "/proc/sys/kernel/osrelease"));
  m.os = or_unknown(value_of(text_if_readable(root + "/etc/os-release"), "PRETTY_NAME", '='));
  m.container = container_of(root);
  m.hypervisor = hypervisor_of(info, root, signature);
  const std::string kib = value_of(text_if_readable(root + "/proc/meminfo"), "MemTotal", ':');
  m.memory_gib = std::strtod(kib.c_str(), nullptr) / (1 << 20);
  m.load_1min = std::strtod(first_line_if_readable(root + "/proc/loadavg").c_str(), nullptr);
  m.pinned_cpu = cpu;
  m.core_siblings = cpu_list_text(siblings);
  return m;
}

Machine describe_machine(int cpu) {
  const bool virtual_machine = read_cpuinfo().has("hypervisor");  // else the leaf means nothing
  return describe_machine(cpu, "", virtual_machine ? hypervisor_signature() : "");
}

CpuId cpu_id(const Machine& m) {
  CpuInfo cpu;
  if (m.vendor != kUnknown) cpu.vendor = m.vendor;
  cpu.family = m.family;
  cpu.model = m.model;
  cpu.stepping = m.stepping;
  cpu.implementer = m.implementer.value_or(0);
  cpu.part = m.part.value_or(0);
  cpu.flags = m.isa;
  std::sort(cpu.flags.begin(), cpu.flags.end());
  if (m.implementer) cpu.arch = "aarch64";
  return halcyon::cpu_id(cpu);
}

std::string cpu_text(const Machine& m) { return named(m, cpu_id(m).model); }
std::string exact_cpu_text(const Machine& m) { return named(m, cpu_id(m).stepping); }

nlohmann::json to_json(const Machine& m) { return write_fields(m); }

Machine machine_from_json(const nlohmann::json& value, const std::string& where,
                          const std::string& pointer) {
  return read_fields<Machine>(Reader(value, where, pointer, Exit::data));
}

}  // namespace halcyon
