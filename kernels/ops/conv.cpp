#include <algorithm>

#include "kernels/ops/dense.h"
#include "kernels/ops/window.h"

namespace halcyon {
namespace {

void resolve(Op& op) {
  check_groups(op);
  op.out = window_shape(op, op.channels);
}

std::vector<TensorSpec> parameters(const Op& op) {
  return {{.name = "w",
           .role = Role::weight,
           .axes = {"c", "k", "kx", "ky"},
           .extents = {op.channels, op.in.c / op.groups, op.w.kernel, op.h.kernel}},
          {.name = "b", .role = Role::bias, .axes = {"c"}, .extents = {op.channels}}};
}

std::int64_t macs(const Op& op, bool inside_only) {
  return checked_product({window_taps(op, inside_only), op.in.n, op.in.c / op.groups, op.channels});
}

constexpr auto loops = []<class T>(const Op& op, std::span<const T> in,
                                   const Arguments<T>& arg) -> std::vector<T> {
  const auto w = arg("w"), b = arg("b");
  const int k = op.in.c / op.groups, c = op.channels / op.groups;
  const std::size_t tap = static_cast<std::size_t>(k) * op.channels;
  std::vector<T> out(op.out.elements());
  each_pixel(op.out, [&](int n, int y, int x, std::size_t element) {
    const std::span<T> result(out.data() + element, op.channels);
    std::copy(b.begin(), b.end(), result.begin());
    each_tap_inside(op, n, y, x, [&](int ky, int kx, std::size_t source) {
      const auto weights = w.subspan((ky * op.w.kernel + kx) * tap, tap);
      for (int g = 0; g < op.groups; ++g)
        add_product<T>(result, in.subspan(source + g * k, k), weights, g * c, (g + 1) * c);
    });
  });
  return out;
};

}  // namespace

extern const OpKind conv_kind{.word = "conv",
                              .arguments = "KHxKW CO",
                              .attributes = "spdg",
                              .help = "dense or grouped convolution, with bias",
                              .resolve = resolve,
                              .parameters = parameters,
                              .macs = macs,
                              .reference = loops};

}  // namespace halcyon
