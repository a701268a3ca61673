#include "kernels/ops/pixels.h"
#include "kernels/problem/op.h"

namespace halcyon {
namespace {

constexpr auto loops = []<class T>(const Op& op, std::span<const T> in,
                                   const Arguments<T>&) -> std::vector<T> {
  std::vector<T> out(op.out.elements());
  each_pixel(op.in, [&](int n, int, int, std::size_t element) {
    for (int c = 0; c < op.in.c; ++c) out[pixel(op.out, n, 0, 0) + c] += in[element + c];
  });
  for (T& sum : out) sum /= std::int64_t{op.in.h} * op.in.w;
  return out;
};

}  // namespace

extern const OpKind gap_kind{
    .word = "gap",
    .arguments = "",
    .attributes = "",
    .help = "global average pooling: the mean over height and width",
    .resolve = [](Op& op) { op.out = checked_shape(op.in.n, 1, 1, op.in.c); },
    .parameters = nullptr,
    .macs = nullptr,
    .reference = loops};

}  // namespace halcyon
