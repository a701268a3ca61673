#include <algorithm>

#include "kernels/ops/pixels.h"
#include "kernels/problem/op.h"

namespace halcyon {
namespace {

/// Half-pixel centres: output 2i lies a quarter before input i, output 2i+1 a quarter after it.
struct Neighbours {
  int near, far;  // weights 3/4 and 1/4; clamped at the edges
};

Neighbours neighbours(int o, int in) {
  const int near = o / 2;
  return {near, std::clamp(o % 2 ? near + 1 : near - 1, 0, in - 1)};
}

constexpr auto loops = []<class T>(const Op& op, std::span<const T> in,
                                   const Arguments<T>&) -> std::vector<T> {
  std::vector<T> out(op.out.elements());
  each_pixel(op.out, [&](int n, int y, int x, std::size_t element) {
    const Neighbours v = neighbours(y, op.in.h), h = neighbours(x, op.in.w);
    const T* nn = in.data() + pixel(op.in, n, v.near, h.near);
    const T* nf = in.data() + pixel(op.in, n, v.near, h.far);
    const T* fn = in.data() + pixel(op.in, n, v.far, h.near);
    const T* ff = in.data() + pixel(op.in, n, v.far, h.far);
    for (int c = 0; c < op.in.c; ++c)
      out[element + c] =
          0.75 * (0.75 * nn[c] + 0.25 * nf[c]) + 0.25 * (0.75 * fn[c] + 0.25 * ff[c]);
  });
  return out;
};

}  // namespace

extern const OpKind upsample2x_kind{
    .word = "upsample2x",
    .arguments = "",
    .attributes = "",
    .help = "bilinear upsampling by two, half-pixel centres, edges clamped",
    .resolve =
        [](Op& op) {
          op.out =
              checked_shape(op.in.n, std::int64_t{2} * op.in.h, std::int64_t{2} * op.in.w, op.in.c);
        },
    .parameters = nullptr,
    .macs = nullptr,
    .reference = loops};

}  // namespace halcyon
