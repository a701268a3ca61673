#include "kernels/oracle/nchw.h"

#include "kernels/error.h"

namespace halcyon {
namespace {

/// Calls visit(place in NCHW, place in NHWC) for each element.
template <class Visit>
void each_place(const Shape& s, Visit&& visit) {
  std::size_t nchw = 0;
  for (std::size_t n = 0; n < std::size_t(s.n); ++n)
    for (std::size_t c = 0; c < std::size_t(s.c); ++c)
      for (std::size_t y = 0; y < std::size_t(s.h); ++y)
        for (std::size_t x = 0; x < std::size_t(s.w); ++x)
          visit(nchw++, ((n * s.h + y) * s.w + x) * s.c + c);
}

void check_elements(TensorView v, const Shape& s) {
  if (static_cast<std::int64_t>(v.size()) == s.elements()) return;
  std::string shape;
  for (const int extent : {s.n, s.h, s.w, s.c})
    shape += (shape.empty() ? "" : "x") + std::to_string(extent);
  throw data_error(std::to_string(v.size()) + " values; allowed: those of " + shape);
}

}  // namespace

Tensor nchw_to_nhwc(TensorView v, const Shape& shape) {
  check_elements(v, shape);
  return rearranged(v, v.size(), [&](auto move) {
    each_place(shape, [&](std::size_t nchw, std::size_t nhwc) { move(nhwc, nchw); });
  });
}

Tensor nhwc_to_nchw(TensorView v, const Shape& shape) {
  check_elements(v, shape);
  return rearranged(v, v.size(), [&](auto move) {
    each_place(shape, [&](std::size_t nchw, std::size_t nhwc) { move(nchw, nhwc); });
  });
}

}  // namespace halcyon
