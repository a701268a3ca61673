#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "kernels/oracle/tensor.h"
#include "kernels/oracle/tolerance.h"

namespace halcyon {

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
