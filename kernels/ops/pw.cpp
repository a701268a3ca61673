#include <algorithm>

#include "kernels/ops/dense.h"
#include "kernels/ops/pixels.h"

namespace halcyon {
namespace {

void resolve(Op& op) {
  check_groups(op);
  op.out = checked_shape(op.in.n, op.in.h, op.in.w, op.channels);
}

std::vector<TensorSpec> parameters(const Op& op) {
  return dense_parameters("w", "b", op.channels, op.in.c / op.groups);
}

std::int64_t macs(const Op& op, bool) {
  return checked_product({op.in.elements(), op.channels / op.groups});
}

std::vector<double> reference(const Op& op, std::span<const double> in, const Arguments& arg) {
  const auto w = arg("w"), b = arg("b");
  const int k = op.in.c / op.groups, c = op.channels / op.groups;
  std::vector<double> out(op.out.elements());
  each_pixel(op.out, [&](int n, int y, int x, std::size_t element) {
    const std::span<double> result(out.data() + element, op.channels);
    std::copy(b.begin(), b.end(), result.begin());
    for (int g = 0; g < op.groups; ++g)
      add_product(result, in.subspan(pixel(op.in, n, y, x) + g * k, k), w, g * c, (g + 1) * c);
  });
  return out;
}

}  // namespace

extern const OpKind pw_kind{.word = "pw",
                            .arguments = "CO",
                            .attributes = "g",
                            .help = "pointwise (1x1) convolution, with bias",
                            .resolve = resolve,
                            .parameters = parameters,
                            .macs = macs,
                            .reference = reference};

}  // namespace halcyon
