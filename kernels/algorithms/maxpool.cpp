#include "kernels/algorithms/kernel.h"

namespace halcyon {

using namespace Halide;

static Expr build(const Build& b) {
  const Op& o = b.o();
  const RDom r = reduction({{"kx", o.w.kernel}, {"ky", o.h.kernel}});
  const std::vector<Var> axes = b.axes();
  Func acc(b.name("acc"));
  acc(axes) = b.least();
  acc(axes) =
      max(acc(axes), b.at(b.windowed(b.least()), b.c, tap(o.w, b.x, r[0]), tap(o.h, b.y, r[1])));
  b.has_extents_of_result(b.name("acc"), axes);
  return acc(axes);
}

extern const Kernel maxpool_kernel{.word = "maxpool", .build = build};

}  // namespace halcyon
