#pragma once
#include <utility>

#include "kernels/problem/op.h"

namespace halcyon {

/// What i8 means. ONNX's (QuantizeLinear, QLinearConv): a value is scale * (u - zero) with u a u8,
/// one scale and zero point per tensor; weights are i8 without zero point, one scale per output
/// channel; sums are exact in i32. Every op ends in steps of its result:
///
///   v = s * m(c)                 s: the sum, in i32, made f32; m = in scale * weight scale / scale
///   v = v * (f * (x - zero))     per word of the epilogue, in f32, every product and sum rounded:
///   v = v + f * (x - zero)       scale; add and skip; an activation of v * scale, divided by
///   scale,
///                                where relu and relu6 clamp v
///   u = round(v) + zero          ties to even, then saturated to 0 .. 255
///
/// The sum is b(c) + sum of u * w over every tap, those outside the input too, which read the
/// input's zero point: b has -zero * (sum of w) in it. Ops without weights have one factor for m.
/// Scales and zero points are data (`m`, `q`), so that equal problems share a kernel. A conversion
/// (`to`) has one factor: to i8 u = round(x * factor) + zero, saturated; from i8 x = factor *
/// (u - in_zero).

/// What a step of a tensor is worth, and which one is zero.
struct Quantisation {
  double scale = 1, zero = 0;
  bool operator==(const Quantisation&) const = default;
  double of(double value) const;  // the step of a value: 0 .. 255
  double value(double step) const { return scale * (step - zero); }
};
/// The 256 steps that cover a range, and zero, which has a step of its own: padding and relu need
/// it exact.
Quantisation quantisation_for(std::pair<double, double> range);

/// Where the constants stand in `q`, f32: zero points as they are, factors in steps of the result.
namespace quantised {
enum : int {
  in_zero,
  zero,       // of the result
  scale,      // of the result: what one step of it is worth
  per_scale,  // 1 / scale
  factor,     // m of an op without weights
  extras,     // from here on a zero point and a factor for each scale, add and skip, in their order
};
}  // namespace quantised

/// Whether an op of a problem in i8 computes new steps: all do, but those that only move elements.
bool requantises(const Op&);
/// Whether one of a problem in `dtype` has a `q`, and its elements.
bool has_constants(DType, const Op&);
int quantised_constants(const Op&);

}  // namespace halcyon
