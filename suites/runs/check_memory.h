#pragma once
#include <cstdint>
#include <string>

#include "kernels/problem/problem.h"
#include "suites/graph/graph.h"

namespace halcyon {

/// Bytes that a check takes at least: here, where inputs and references in double are made, and in
/// the process that runs what is checked. From shapes alone, so that it is known at once.
struct CheckBytes {
  std::int64_t here = 0, there = 0;
};
CheckBytes check_bytes(const Problem&);
/// Of a network: of the one of its kernels that takes most, beside the data of all.
CheckBytes check_bytes(const Graph&);

/// Error (exit 2): what it needs and what is allowed. `what` is in front.
void refuse_too_large(const std::string& what, const CheckBytes&);

}  // namespace halcyon
