#include "kernels/algorithms/kernel.h"

namespace halcyon {

using namespace Halide;

/// The sum over the map, each place weighted by the further input.
static Expr build(const Build& b) {
  const Op& o = b.o();
  const RDom r = reduction({{"rx", o.in.w}, {"ry", o.in.h}});
  return b.sum(b.wide(b.at(b.in, b.c, r[0], r[1])) *
               b.wide(b.at(b.extras().front(), 0, r[0], r[1])));
}

extern const Kernel tokensum_kernel{.word = "tokensum", .build = build};

}  // namespace halcyon
