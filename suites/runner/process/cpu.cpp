#include "suites/runner/process/cpu.h"

#include <dirent.h>
#include <sched.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace halcyon {
namespace {

/// The first line of a small file; empty when there is none.
std::string line_of(const std::string& path) {
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "r"), std::fclose);
  char line[256];
  if (!file || !std::fgets(line, sizeof line, file.get())) return {};
  line[std::strcspn(line, "\n")] = 0;
  return line;
}

/// "1024K" -> bytes; 0 when it is no such thing.
std::size_t bytes_in(const std::string& text) {
  char* end = nullptr;
  const std::size_t number = std::strtoul(text.c_str(), &end, 10);
  return number << (*end == 'K' ? 10 : *end == 'M' ? 20 : 0);
}

}  // namespace

std::vector<int> allowed_cpus() {
  cpu_set_t set;
  std::vector<int> cpus;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return {0};
  for (int i = 0; i < CPU_SETSIZE; i++)
    if (CPU_ISSET(i, &set)) cpus.push_back(i);
  return cpus;
}

bool pin_to(int cpu) {
  if (cpu < 0 || cpu >= CPU_SETSIZE) return false;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

std::vector<int> cpus_beside(int cpu, const std::vector<int>& allowed, int count) {
  const auto core_of = [](int of) {
    const std::string name = "cpu" + std::to_string(of);
    const std::string siblings =
        line_of("/sys/devices/system/cpu/" + name + "/topology/thread_siblings_list");
    return siblings.empty() ? name : siblings;  // virtual machines may not say
  };
  std::vector<int> own_core, shared_core;
  std::set<std::string> taken = {core_of(cpu)};
  for (const int other : allowed)
    if (other != cpu)
      (taken.insert(core_of(other)).second ? own_core : shared_core).push_back(other);
  own_core.insert(own_core.end(), shared_core.begin(), shared_core.end());
  if (own_core.size() < static_cast<std::size_t>(count))
    throw std::runtime_error(std::to_string(count + 1) + " threads, and " +
                             std::to_string(own_core.size() + 1) + " CPUs are allowed here");
  own_core.resize(static_cast<std::size_t>(count));
  return own_core;
}

CacheBytes cache_bytes(int cpu) {
  CacheBytes caches;
  const std::string folder = "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/cache/index";
  for (int index = 0; index < 8; index++) {
    const std::string at = folder + std::to_string(index) + "/";
    const std::size_t bytes = bytes_in(line_of(at + "size"));
    if (bytes == 0 || line_of(at + "type") == "Instruction") continue;
    const std::string level = line_of(at + "level");
    if (level == "1") caches.l1d = bytes;
    if (level == "2") caches.l2 = bytes;
    if (level == "3") caches.l3 = bytes;
  }
  caches.l3 = std::max(caches.l3, caches.l2);
  return caches;
}

#if defined(__x86_64__)
void flush_denormals() {
  constexpr unsigned kNearestAndNoTraps = 0x1f80, kFlushToZero = 0x8000, kDenormalsAreZero = 0x0040;
  _mm_setcsr(kNearestAndNoTraps | kFlushToZero | kDenormalsAreZero);
}
unsigned long float_mode() {
  constexpr unsigned kSeenExceptions = 0x3f;
  return _mm_getcsr() & ~kSeenExceptions;
}
#elif defined(__aarch64__)
void flush_denormals() {
  constexpr unsigned long kFlushToZero = 1ul << 24;  // all else 0: nearest, no traps
  asm volatile("msr fpcr, %0" ::"r"(kFlushToZero));
}
unsigned long float_mode() {
  unsigned long control;
  asm volatile("mrs %0, fpcr" : "=r"(control));
  return control;
}
#endif

long long queue_delay_ns() {
  std::unique_ptr<DIR, int (*)(DIR*)> tasks(opendir("/proc/self/task"), closedir);
  long long sum = 0;
  while (const dirent* entry = tasks ? readdir(tasks.get()) : nullptr) {
    if (entry->d_name[0] == '.') continue;
    const std::string line =
        line_of(std::string("/proc/self/task/") + entry->d_name + "/schedstat");
    long long running = 0, waiting = 0;
    if (std::sscanf(line.c_str(), "%lld %lld", &running, &waiting) == 2) sum += waiting;
  }
  return sum;
}

}  // namespace halcyon
