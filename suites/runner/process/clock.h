#pragma once
#include <time.h>

#include <cstdint>

namespace halcyon {

/// Nanoseconds since boot; never steps back. The one clock of every figure in `ns`.
inline std::int64_t now_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

}  // namespace halcyon
