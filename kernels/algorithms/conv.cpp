#include "kernels/algorithms/kernel.h"

namespace halcyon {

using namespace Halide;

/// Group g of the output channels reads block g of the input channels.
static Expr build(const Build& b) {
  const Op& o = b.o();
  const int block = o.in.c / o.groups;
  const RDom r = reduction({{"k", block}, {"kx", o.w.kernel}, {"ky", o.h.kernel}});
  const Expr k = r[0], kx = r[1], ky = r[2];
  const Expr channel = o.groups == 1 ? k : k + b.c / (o.out.c / o.groups) * block;
  const Expr value = b.at(b.windowed(b.zero()), channel, tap(o.w, b.x, kx), tap(o.h, b.y, ky));
  return b.sum(b.argument("b")(b.c), b.wide(value) * b.wide(b.argument("w")(b.c, k, kx, ky)));
}

extern const Kernel conv_kernel{.word = "conv", .build = build};

}  // namespace halcyon
