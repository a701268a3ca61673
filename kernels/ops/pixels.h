#pragma once
#include <cstdint>

#include "kernels/interrupt.h"
#include "kernels/problem/problem.h"

namespace halcyon {

/// The index of the first channel of pixel (n, y, x) in a dense NHWC tensor.
inline std::size_t pixel(const Shape& shape, int n, std::int64_t y, std::int64_t x) {
  return static_cast<std::size_t>(((n * std::int64_t{shape.h} + y) * shape.w + x) * shape.c);
}

/// Calls visit(n, y, x, index of the first channel) for every pixel of `shape`, in memory order.
/// Throws Interrupted.
template <class Visit>
void each_pixel(const Shape& shape, Visit&& visit) {
  std::size_t first = 0;
  for (int n = 0; n < shape.n; ++n)
    for (int y = 0; y < shape.h; ++y) {
      throw_if_interrupted();
      for (int x = 0; x < shape.w; ++x, first += shape.c) visit(n, y, x, first);
    }
}

}  // namespace halcyon
