#pragma once
#include <cstddef>
#include <vector>

namespace halcyon {

/// The cores that this process may run on, ascending.
std::vector<int> allowed_cpus();

/// Binds this thread to one core. False when the core does not exist or is not allowed.
bool pin_to(int cpu);

/// `count` of `allowed` for threads that work beside one on `cpu`: first those that share a core
/// with none of them. Throws std::runtime_error when there are too few.
std::vector<int> cpus_beside(int cpu, const std::vector<int>& allowed, int count);

/// Data caches that a core sees, in bytes, from sysfs. Where that is silent: 32 KiB, 1 MiB, 32 MiB,
/// so that sets meant to exceed a cache still do on a common machine.
struct CacheBytes {
  std::size_t l1d = 32 << 10, l2 = 1 << 20, l3 = 32 << 20;
};
CacheBytes cache_bytes(int cpu);

/// Flushes denormals to zero, as every compiled network does; alike for every candidate, whatever
/// mode the one before it left behind.
void flush_denormals();
/// How arithmetic rounds, treats denormals and traps, as the CPU's control register has it.
unsigned long float_mode();

/// Sum over this process's threads of the time they were ready to run and did not, in ns, from
/// /proc/self/task/*/schedstat; 0 where the kernel keeps none.
long long queue_delay_ns();

}  // namespace halcyon
