#pragma once
#include <cstdint>
#include <string>

namespace halcyon {

/// "1 case", "2 cases".
inline std::string plural(std::int64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace halcyon
