#include <algorithm>
#include <limits>

#include "kernels/ops/window.h"

namespace halcyon {
namespace {

/// Every window needs an element of the input: a maximum over padding alone is -infinity.
void check_seen(const char* axis, const Window& window, int in, int out) {
  const auto seen = [&](std::int64_t o) {
    for (int tap = 0; tap < window.kernel; ++tap)
      if (const std::int64_t i = window.at(o, tap); i >= 0 && i < in) return true;
    return false;
  };
  // Only windows that start before the input or end behind it can miss it.
  bool all = true;
  for (std::int64_t o = 0; o < out && window.at(o, 0) < 0; ++o) all = all && seen(o);
  for (std::int64_t o = out; all && o-- > 0 && window.at(o, window.kernel - 1) >= in;)
    all = seen(o);
  if (!all)
    throw usage_error(std::string(axis) +
                      ": a window that sees only padding; allowed: less padding or dilation");
}

void resolve(Op& op) {
  op.out = window_shape(op, op.in.c);
  check_seen("height", op.h, op.in.h, op.out.h);
  check_seen("width", op.w, op.in.w, op.out.w);
}

constexpr auto loops = []<class T>(const Op& op, std::span<const T> in,
                                   const Arguments<T>&) -> std::vector<T> {
  std::vector<T> out(op.out.elements(), -std::numeric_limits<T>::infinity());
  each_pixel(op.out, [&](int n, int y, int x, std::size_t element) {
    each_tap_inside(op, n, y, x, [&](int, int, std::size_t source) {
      for (int c = 0; c < op.in.c; ++c)
        out[element + c] = std::max(out[element + c], in[source + c]);
    });
  });
  return out;
};

}  // namespace

extern const OpKind maxpool_kind{.word = "maxpool",
                                 .arguments = "KHxKW",
                                 .attributes = "spd",
                                 .help = "maximum over a window; padding is -infinity",
                                 .moves = true,
                                 .resolve = resolve,
                                 .parameters = nullptr,
                                 .macs = nullptr,
                                 .reference = loops};

}  // namespace halcyon
