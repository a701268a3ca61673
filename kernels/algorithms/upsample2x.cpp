#include "kernels/algorithms/kernel.h"

namespace halcyon {

using namespace Halide;

/// Bilinear, half-pixel centres: output i lies at i/2 - 1/4, so the input nearer to it (i/2) weighs
/// 3/4 and the one on its other side 1/4. The edges repeat. In i8 in sixteenths, which 16 bits
/// hold.
static Expr build(const Build& b) {
  const auto farther = [](Expr i, int extent) {
    return clamp(i / 2 + i % 2 * 2 - 1, 0, extent - 1);
  };
  const Expr near_x = b.x / 2, far_x = farther(b.x, b.o().in.w);
  const Expr near_y = b.y / 2, far_y = farther(b.y, b.o().in.h);
  const Type sums = b.quantised() ? Int(16) : Float(32);
  const Expr nearer = b.quantised() ? Expr(std::int16_t{3}) : 0.75f;
  const Expr further = b.quantised() ? Expr(std::int16_t{1}) : 0.25f;
  const auto row = [&](const Expr& y) {
    return nearer * cast(sums, b.at(b.in, b.c, near_x, y)) +
           further * cast(sums, b.at(b.in, b.c, far_x, y));
  };
  const Expr sum = nearer * row(near_y) + further * row(far_y);
  if (!b.quantised()) return sum;
  return cast<float>(sum - cast<std::int16_t>(16) * cast<std::int16_t>(b.zero())) * (1.f / 16);
}

extern const Kernel upsample2x_kernel{.word = "upsample2x", .build = build};

}  // namespace halcyon
