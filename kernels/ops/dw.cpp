#include <algorithm>

#include "kernels/ops/window.h"

namespace halcyon {
namespace {

void resolve(Op& op) { op.out = window_shape(op, op.in.c); }

std::vector<TensorSpec> parameters(const Op& op) {
  return {{.name = "w",
           .role = Role::weight,
           .axes = {"c", "kx", "ky"},
           .extents = {op.in.c, op.w.kernel, op.h.kernel}},
          {.name = "b", .role = Role::bias, .axes = {"c"}, .extents = {op.in.c}}};
}

std::int64_t macs(const Op& op, bool inside_only) {
  return checked_product({window_taps(op, inside_only), op.in.n, op.in.c});
}

constexpr auto loops = []<class T>(const Op& op, std::span<const T> in,
                                   const Arguments<T>& arg) -> std::vector<T> {
  const auto w = arg("w"), b = arg("b");
  const std::size_t channels = op.in.c;
  std::vector<T> out(op.out.elements());
  each_pixel(op.out, [&](int n, int y, int x, std::size_t element) {
    T* result = out.data() + element;
    std::copy(b.begin(), b.end(), result);
    each_tap_inside(op, n, y, x, [&](int ky, int kx, std::size_t source) {
      const T* weights = w.data() + (ky * op.w.kernel + kx) * channels;
      for (std::size_t c = 0; c < channels; ++c) result[c] += in[source + c] * weights[c];
    });
  });
  return out;
};

}  // namespace

extern const OpKind dw_kind{.word = "dw",
                            .arguments = "KHxKW",
                            .attributes = "spd",
                            .help = "depthwise convolution, one kernel per channel, with bias",
                            .resolve = resolve,
                            .parameters = parameters,
                            .macs = macs,
                            .reference = loops};

}  // namespace halcyon
