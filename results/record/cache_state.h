#pragma once
#include <cstddef>
#include <string_view>

#include "results/record/words.h"

namespace halcyon {

/// What the caches hold when a call begins.
enum class CacheState { warm, cold_weights, cold };

/// How records say it, in the order of the states.
inline constexpr const char* kCacheStates[] = {"warm", "cold-weights", "cold"};
inline const char* to_text(CacheState state) {
  return kCacheStates[static_cast<std::size_t>(state)];
}
inline void from_text(std::string_view word, CacheState& state) {
  state = value_called<CacheState>(word, kCacheStates);
}

}  // namespace halcyon
