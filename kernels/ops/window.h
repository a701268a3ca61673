#pragma once
#include "kernels/error.h"
#include "kernels/op.h"
#include "kernels/ops/pixels.h"

namespace halcyon {

/// Checks the padding of one axis and gives its output length. Padding beyond the reach of the
/// dilated kernel would add outputs that see nothing but padding: refused as a slip.
inline int window_output(const char* axis, const Window& window, int in) {
  return in_context(axis, [&] {
    const int reach = window.dilation * (window.kernel - 1);
    for (int pad : {window.pad_lo, window.pad_hi})
      if (pad > reach)
        throw usage_error("padding " + std::to_string(pad) +
                          " beyond the kernel's reach; allowed: 0 to " + std::to_string(reach));
    return window.out(in);
  });
}

/// The output of a window op with `channels` channels.
inline Shape window_shape(const Op& op, int channels) {
  const int h = window_output("height", op.h, op.in.h);
  const int w = window_output("width", op.w, op.in.w);
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
