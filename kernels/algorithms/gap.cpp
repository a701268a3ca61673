#include "kernels/algorithms/kernel.h"

namespace halcyon {

using namespace Halide;

/// The mean over the map; in i8 the sum, whose factor divides.
static Expr build(const Build& b) {
  const Op& o = b.o();
  const RDom r = reduction({{"rx", o.in.w}, {"ry", o.in.h}});
  const float points = static_cast<float>(o.in.w) * static_cast<float>(o.in.h);
  const Expr element = b.at(b.in, b.c, r[0], r[1]);
  if (b.quantised()) return b.sum(-(o.in.w * o.in.h) * b.wide(b.zero()), b.wide(element));
  return b.sum(b.wide(element)) * (1.f / points);
}

extern const Kernel gap_kernel{.word = "gap", .build = build};

}  // namespace halcyon
