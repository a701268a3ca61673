#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "kernels/oracle/tensor.h"
#include "kernels/problem/problem.h"

namespace halcyon {

/// |a - b| <= absolute + relative * |b|, b the reference.
struct Tolerance {
  double absolute = 1e-5, relative = 1.3e-6;
};
/// f32: 1e-5 + 1.3e-6*|b|, scaled by sqrt of the longest sum in the chain (reliability facts, 5),
/// plus `activation_error` (the stated error of the activation forms in use, carried through later
/// ops).
Tolerance tolerance_for(const Problem&, const TensorSpec& output, double activation_error);
/// The widest over all outputs. `sums` are longer sums than the rest, so prefer the one above.
Tolerance tolerance_for(const Problem&, double activation_error);

struct Comparison {
  bool equal = false;      // every element within tolerance; a NaN never is
  bool nonfinite = false;  // the first bad element is NaN or infinite where the reference is not
  double max_abs = 0, max_rel = 0, cosine = 1;
  std::int64_t first_bad = -1;     // index of the first element out of tolerance, -1 when equal
  double found = 0, expected = 0;  // there
};
/// Both of one dtype. Written as !(error <= tolerance), so that NaN fails. No exceptions, no
/// allocation: the runner calls it between timed loops.
Comparison compare(TensorView found, TensorView expected, Tolerance);

}  // namespace halcyon
