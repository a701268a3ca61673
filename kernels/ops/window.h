#pragma once
#include "kernels/error.h"
#include "kernels/ops/pixels.h"
#include "kernels/problem/op.h"

namespace halcyon {

/// The output of a window op with `channels` channels. Padding beyond the reach of the dilated
/// kernel adds outputs that see nothing but padding.
inline Shape window_shape(const Op& op, int channels) {
  const int h = in_context("height", [&] { return op.h.out(op.in.h); });
  const int w = in_context("width", [&] { return op.w.out(op.in.w); });
  return checked_shape(op.in.n, h, w, channels);
}

/// Pairs of output and tap over both spatial axes of one image.
inline std::int64_t window_taps(const Op& op, bool inside_only) {
  if (inside_only) return checked_product({op.h.taps_inside(op.in.h), op.w.taps_inside(op.in.w)});
  return checked_product({op.out.h, op.out.w, op.h.kernel, op.w.kernel});
}

/// Calls visit(ky, kx, first channel of the input pixel) for the taps of output (y, x) of image n
/// that fall inside the input.
template <class Visit>
void each_tap_inside(const Op& op, int n, int y, int x, Visit&& visit) {
  for (int ky = 0; ky < op.h.kernel; ++ky) {
    const std::int64_t iy = op.h.at(y, ky);
    if (iy < 0 || iy >= op.in.h) continue;
    for (int kx = 0; kx < op.w.kernel; ++kx) {
      const std::int64_t ix = op.w.at(x, kx);
      if (ix < 0 || ix >= op.in.w) continue;
      visit(ky, kx, pixel(op.in, n, iy, ix));
    }
  }
}

}  // namespace halcyon
