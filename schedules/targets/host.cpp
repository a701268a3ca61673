#include "schedules/targets/host.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include "kernels/text_file.h"

namespace halcyon {
namespace {

std::string trimmed(std::string_view s) {
  const char* blank = " \t\r\n";
  const size_t first = s.find_first_not_of(blank);
  if (first == std::string_view::npos) return "";
  return std::string(s.substr(first, s.find_last_not_of(blank) - first + 1));
}

std::string first_line(const std::string& path) { return trimmed(first_line_if_readable(path)); }

/// Decimal or 0x-hexadecimal; 0 for anything else.
long long number(const std::string& text) {
  char* end = nullptr;
  const long long value = std::strtoll(text.c_str(), &end, 0);
  return end == text.c_str() ? 0 : value;
}

std::string cpu_folder(const std::string& sysfs, int cpu) {
  return sysfs + "/devices/system/cpu/cpu" + std::to_string(cpu);
}

/// "32K", "1024K", "32M" of sysfs in bytes.
std::int64_t bytes_of_size(const std::string& text) {
  const std::int64_t value = number(text);
  switch (text.empty() ? ' ' : text.back()) {
    case 'K':
      return value << 10;
    case 'M':
      return value << 20;
    case 'G':
      return value << 30;
    default:
      return value;
  }
}

/// cpufreq gives kHz.
double ghz_of(const std::string& khz) { return static_cast<double>(number(khz)) / 1e6; }

}  // namespace

bool CpuInfo::has(std::string_view flag) const {
  return std::binary_search(flags.begin(), flags.end(), flag);
}

CpuInfo parse_cpuinfo(std::string_view text) {
  CpuInfo cpu;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string key = trimmed(line.substr(0, colon)), value = trimmed(line.substr(colon + 1));
    if (key == "processor") cpu.processors++;
    if (cpu.processors > 1) continue;
    if (key == "vendor_id") cpu.vendor = value;
    if (key == "model name") cpu.model_name = value;
    if (key == "cpu family") cpu.family = static_cast<int>(number(value));
    if (key == "model") cpu.model = static_cast<int>(number(value));
    if (key == "stepping") cpu.stepping = static_cast<int>(number(value));
    if (key == "CPU implementer") cpu.implementer = static_cast<int>(number(value));
    if (key == "CPU part") cpu.part = static_cast<int>(number(value));
    if (key == "CPU variant") cpu.stepping += 16 * static_cast<int>(number(value));
    if (key == "CPU revision") cpu.stepping += static_cast<int>(number(value));
    if (key != "flags" && key != "Features") continue;
    cpu.arch = key == "flags" ? "x86_64" : "aarch64";
    std::istringstream words(value);
    for (std::string word; words >> word;) cpu.flags.push_back(word);
  }
  std::sort(cpu.flags.begin(), cpu.flags.end());
  return cpu;
}

CpuInfo read_cpuinfo() { return parse_cpuinfo(text_if_readable("/proc/cpuinfo")); }

std::vector<int> parse_cpu_list(std::string_view text) {
  std::set<int> cpus;
  std::istringstream ranges{std::string(text)};
  for (std::string range; std::getline(ranges, range, ',');) {
    int low = 0, high = 0, used = 0;
    range = trimmed(range);
    const int found = std::sscanf(range.c_str(), "%d%n-%d%n", &low, &used, &high, &used);
    if (found == 1) high = low;
    constexpr int kMostCpus = 1 << 16;  // a damaged file must not fill the memory
    if (found < 1 || used != static_cast<int>(range.size()) || low < 0 || high >= kMostCpus)
      continue;
    for (int cpu = low; cpu <= high; cpu++) cpus.insert(cpu);
  }
  return {cpus.begin(), cpus.end()};
}

std::string cpu_list_text(const std::vector<int>& cpus) {
  std::string text;
  for (size_t i = 0; i < cpus.size();) {
    size_t last = i;
    while (last + 1 < cpus.size() && cpus[last + 1] == cpus[last] + 1) last++;
    text += (text.empty() ? "" : ",") + std::to_string(cpus[i]);
    if (last > i) text += "-" + std::to_string(cpus[last]);
    i = last + 1;
  }
  return text.empty() ? "none" : text;
}

std::vector<CpuCache> read_caches(const std::string& sysfs, int cpu) {
  std::vector<CpuCache> caches;
  for (int index = 0;; index++) {
    const std::string folder = cpu_folder(sysfs, cpu) + "/cache/index" + std::to_string(index);
    const std::string level = first_line(folder + "/level");
    if (level.empty()) return caches;
    caches.push_back({.level = static_cast<int>(number(level)),
                      .type = first_line(folder + "/type"),
                      .bytes = bytes_of_size(first_line(folder + "/size")),
                      .shared_by = parse_cpu_list(first_line(folder + "/shared_cpu_list"))});
  }
}

std::string read_governor(const std::string& sysfs, int cpu) {
  const std::string governor = first_line(cpu_folder(sysfs, cpu) + "/cpufreq/scaling_governor");
  return governor.empty() ? "none (no cpufreq)" : governor;
}

double read_ghz(const std::string& sysfs, int cpu) {
  return ghz_of(first_line(cpu_folder(sysfs, cpu) + "/cpufreq/scaling_cur_freq"));
}

double read_max_ghz(const std::string& sysfs, int cpu) {
  return ghz_of(first_line(cpu_folder(sysfs, cpu) + "/cpufreq/cpuinfo_max_freq"));
}

std::vector<int> read_core_siblings(const std::string& sysfs, int cpu) {
  std::vector<int> cpus =
      parse_cpu_list(first_line(cpu_folder(sysfs, cpu) + "/topology/thread_siblings_list"));
  std::erase(cpus, cpu);
  return cpus;
}

std::vector<int> allowed_cpus() {
  // Room for 8192 CPUs: the kernel refuses a mask smaller than its own.
  constexpr int kMostCpus = 8192;
  std::vector<cpu_set_t> mask(kMostCpus / CPU_SETSIZE);
  const size_t bytes = mask.size() * sizeof(cpu_set_t);
  std::vector<int> cpus;
  if (sched_getaffinity(0, bytes, mask.data()) != 0) return {0};
  for (int cpu = 0; cpu < kMostCpus; cpu++)
    if (CPU_ISSET_S(cpu, bytes, mask.data())) cpus.push_back(cpu);
  return cpus;
}

}  // namespace halcyon
