#pragma once
#include "kernels/problem/problem.h"

namespace halcyon {

/// |a - b| <= absolute + relative * |b|, b the reference.
struct Tolerance {
  double absolute = 1e-5, relative = 1.3e-6;
};
/// f32: 1e-5 + 1.3e-6*|b|, scaled by sqrt of the longest sum in the chain (reliability facts, 5),
/// plus `activation_error` (the stated error of the activation forms in use, carried through later
/// ops). f16, bf16: that, and the next number of the dtype where a sum lies near a rounding edge.
/// i8: equal, or a step off behind a fitted activation, two behind several.
Tolerance tolerance_for(const Problem&, const TensorSpec& output, double activation_error);
/// The widest over all outputs. `sums` are longer sums than the rest, so prefer the one above.
Tolerance tolerance_for(const Problem&, double activation_error);

}  // namespace halcyon
