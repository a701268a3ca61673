#include "kernels/algorithms/kernel.h"

namespace halcyon {

using namespace Halide;

static Expr build(const Build& b) {
  const Op& o = b.o();
  const RDom r = reduction({{"kx", o.w.kernel}, {"ky", o.h.kernel}});
  const Expr kx = r[0], ky = r[1];
  const Expr value = b.at(b.windowed(b.zero()), b.c, tap(o.w, b.x, kx), tap(o.h, b.y, ky));
  return b.sum(b.argument("b")(b.c), b.wide(value) * b.wide(b.argument("w")(b.c, kx, ky)));
}

extern const Kernel dw_kernel{.word = "dw", .build = build};

}  // namespace halcyon
