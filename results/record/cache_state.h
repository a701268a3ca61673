#pragma once
#include <cstddef>

namespace halcyon {

/// What the caches hold when a call begins.
enum class CacheState { warm, cold_weights, cold };

/// How records say it, in the order of the states.
inline constexpr const char* kCacheStates[] = {"warm", "cold-weights", "cold"};
inline const char* to_text(CacheState state) {
  return kCacheStates[static_cast<std::size_t>(state)];
}

}  // namespace halcyon
