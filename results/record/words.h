#pragma once
#include <string>
#include <string_view>

#include "kernels/error.h"

namespace halcyon {

/// The value whose word this is; `words`: those of all values of an enum, in their order. Error
/// (exit 3) with what is allowed.
template <class Value, class Words>
Value value_called(std::string_view word, const Words& words) {
  std::string all;
  int index = 0;
  for (const std::string_view one : words) {
    if (word == one) return static_cast<Value>(index);
    all += (index++ ? ", " : "") + std::string(one);
  }
  throw data_error("found '" + std::string(word) + "', allowed " + all);
}

}  // namespace halcyon
