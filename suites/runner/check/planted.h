#pragma once
#include "HalideRuntime.h"

/// A depthwise 3x3 convolution as a compiler would leave it, in plain loops: what kernels with
/// planted bugs do when they do it right.
namespace planted {

/// One dense argument, innermost first: (c, x, y); weights (c, kx, ky).
struct View {
  explicit View(void* argument) : buffer(static_cast<halide_buffer_t*>(argument)) {}
  float* data() const { return reinterpret_cast<float*>(buffer->host); }
  int extent(int d) const { return buffer->dim[d].extent; }
  char* begin() const { return reinterpret_cast<char*>(buffer->host); }
  char* end() const { return begin() + sizeof(float) * extent(0) * extent(1) * extent(2); }
  float& at(int c, int x, int y) const {
    return data()[c + x * buffer->dim[1].stride + y * buffer->dim[2].stride];
  }
  halide_buffer_t* buffer;
};

struct Arguments {
  explicit Arguments(void** a)
      : in(a[0]), weights(a[1]), bias(reinterpret_cast<float*>(View(a[2]).data())), out(a[3]) {}
  View in, weights;
  const float* bias;
  View out;
};

inline float pixel(const Arguments& a, int c, int x, int y, int pad) {
  float sum = a.bias[c];
  for (int ky = 0; ky < 3; ky++)
    for (int kx = 0; kx < 3; kx++) {
      const int ix = x + kx - pad, iy = y + ky - pad;
      if (ix < 0 || ix >= a.in.extent(1) || iy < 0 || iy >= a.in.extent(2)) continue;
      sum += a.in.at(c, ix, iy) * a.weights.at(c, kx, ky);
    }
  return sum;
}

inline void compute(const Arguments& a, int width, int pad = 1) {
  for (int y = 0; y < a.out.extent(2); y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < a.out.extent(0); c++) a.out.at(c, x, y) = pixel(a, c, x, y, pad);
}

inline void compute(const Arguments& a) { compute(a, a.out.extent(1)); }

/// The right result, and then something that a kernel must not do.
template <class Misdeed>
int compute_and(void** args, Misdeed misdeed) {
  const Arguments a(args);
  compute(a);
  misdeed(a);
  return 0;
}

}  // namespace planted
