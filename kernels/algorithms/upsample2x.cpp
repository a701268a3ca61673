#include "kernels/algorithms/kernel.h"

namespace halcyon {

using namespace Halide;

/// Bilinear, half-pixel centres: output i lies at i/2 - 1/4, so the input nearer to it (i/2) weighs
/// 3/4 and the one on its other side 1/4. The edges repeat.
static Expr build(const Build& b) {
  const auto farther = [](Expr i, int extent) {
    return clamp(i / 2 + i % 2 * 2 - 1, 0, extent - 1);
  };
  const Expr near_x = b.x / 2, far_x = farther(b.x, b.o().in.w);
  const Expr near_y = b.y / 2, far_y = farther(b.y, b.o().in.h);
  const auto row = [&](Expr y) {
    return 0.75f * b.value(b.at(b.in, b.c, near_x, y)) + 0.25f * b.value(b.at(b.in, b.c, far_x, y));
  };
  return 0.75f * row(near_y) + 0.25f * row(far_y);
}

extern const Kernel upsample2x_kernel{.word = "upsample2x", .build = build};

}  // namespace halcyon
