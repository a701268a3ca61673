#include "kernels/algorithms/kernel.h"

namespace halcyon {

using namespace Halide;

static Expr build(const Build& b) {
  const RDom k = reduction({{"k", b.o().in.c}});
  return b.sum(b.argument("b")(b.c),
               b.wide(b.at(b.in, k, b.x, b.y)) * b.wide(b.argument("w")(b.c, k)));
}

extern const Kernel linear_kernel{.word = "linear", .build = build};

}  // namespace halcyon
