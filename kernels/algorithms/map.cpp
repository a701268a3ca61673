#include "kernels/algorithms/kernel.h"

namespace halcyon {

using namespace Halide;

/// An epilogue with no op before it.
static Expr build(const Build& b) { return b.here(b.in); }

extern const Kernel map_kernel{.word = "map", .build = build};

}  // namespace halcyon
