#include "kernels/ops/pixels.h"
#include "kernels/problem/op.h"

namespace halcyon {
namespace {

/// The weight of each pixel: NxHxWx1, a further input and not a parameter of the network.
std::vector<TensorSpec> parameters(const Op& op) {
  return {tensor_spec("x", Role::extra, {op.in.n, op.in.h, op.in.w, 1})};
}

constexpr auto loops = []<class T>(const Op& op, std::span<const T> in,
                                   const Arguments<T>& arg) -> std::vector<T> {
  const auto weights = arg("x");
  std::vector<T> out(op.out.elements());
  each_pixel(op.in, [&](int n, int, int, std::size_t element) {
    const T weight = weights[element / op.in.c];
    for (int c = 0; c < op.in.c; ++c) out[pixel(op.out, n, 0, 0) + c] += weight * in[element + c];
  });
  return out;
};

}  // namespace

extern const OpKind tokensum_kind{
    .word = "tokensum",
    .arguments = "",
    .attributes = "",
    .help = "sum over height and width, each pixel weighted by a further input NxHxWx1",
    .not_in_i8 = "its weights are an input, of no scale known",
    .resolve = [](Op& op) { op.out = checked_shape(op.in.n, 1, 1, op.in.c); },
    .parameters = parameters,
    .macs = nullptr,
    .reference = loops};

}  // namespace halcyon
