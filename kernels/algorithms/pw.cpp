#include "kernels/algorithms/kernel.h"

namespace halcyon {

using namespace Halide;

/// Group g of the output channels reads block g of the input channels.
static Expr build(const Build& b) {
  const Op& o = b.o();
  const int block = o.in.c / o.groups;
  const RDom k = reduction({{"k", block}});
  const Expr channel = o.groups == 1 ? Expr(k) : k + b.c / (o.out.c / o.groups) * block;
  return b.sum(b.argument("b")(b.c),
               b.wide(b.at(b.in, channel, b.x, b.y)) * b.wide(b.argument("w")(b.c, k)));
}

extern const Kernel pw_kernel{.word = "pw", .build = build};

}  // namespace halcyon
