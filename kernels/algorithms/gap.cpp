#include "kernels/algorithms/kernel.h"

namespace halcyon {

using namespace Halide;

/// The mean over the map.
static Expr build(const Build& b) {
  const Op& o = b.o();
  const RDom r = reduction({{"rx", o.in.w}, {"ry", o.in.h}});
  const float points = static_cast<float>(o.in.w) * static_cast<float>(o.in.h);
  return b.sum(0.f, b.at(b.in, b.c, r[0], r[1])) * (1.f / points);
}

extern const Kernel gap_kernel{.word = "gap", .build = build};

}  // namespace halcyon
