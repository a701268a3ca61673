#include <algorithm>

#include "kernels/error.h"
#include "kernels/ops/pixels.h"
#include "kernels/problem/op.h"

namespace halcyon {
namespace {

void resolve(Op& op) {
  if (op.in.h % op.block != 0 || op.in.w % op.block != 0)
    throw usage_error("block " + std::to_string(op.block) + " does not divide the map of " +
                      std::to_string(op.in.h) + "x" + std::to_string(op.in.w) +
                      "; allowed: a divisor of both");
  const std::int64_t b = op.block;
  op.out = checked_shape(op.in.n, op.in.h / b, op.in.w / b, checked_product({b, b, op.in.c}));
}

/// Channel (dy * B + dx) * C + c of the output is channel c of the input at (B*y + dy, B*x + dx).
constexpr auto loops = []<class T>(const Op& op, std::span<const T> in,
                                   const Arguments<T>&) -> std::vector<T> {
  std::vector<T> out(op.out.elements());
  each_pixel(op.out, [&](int n, int y, int x, std::size_t element) {
    auto to = out.begin() + static_cast<std::ptrdiff_t>(element);
    for (int dy = 0; dy < op.block; ++dy)
      for (int dx = 0; dx < op.block; ++dx) {
        const std::size_t from = pixel(op.in, n, y * op.block + dy, x * op.block + dx);
        to = std::copy_n(in.begin() + static_cast<std::ptrdiff_t>(from), op.in.c, to);
      }
  });
  return out;
};

}  // namespace

extern const OpKind s2d_kind{.word = "s2d",
                             .arguments = "B",
                             .attributes = "",
                             .help = "space to depth: each BxB block of pixels becomes channels",
                             .moves = true,
                             .resolve = resolve,
                             .parameters = nullptr,
                             .macs = nullptr,
                             .reference = loops};

}  // namespace halcyon
