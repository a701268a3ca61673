#include "kernels/algorithms/kernel.h"

namespace halcyon {

using namespace Halide;

/// Channel (dy*B + dx)*C + k of the result is channel k of the place (dx, dy) in its block.
static Expr build(const Build& b) {
  const int C = b.o().in.c, B = b.o().block;
  const Expr dx = b.c / C % B, dy = b.c / (C * B);
  return b.at(b.in, b.c % C, b.x * B + dx, b.y * B + dy);
}

extern const Kernel s2d_kernel{.word = "s2d", .build = build};

}  // namespace halcyon
