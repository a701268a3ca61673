#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/oracle/tensor.h"

namespace halcyon {

/// A tensor as NumPy's .npy files hold it: the last dim innermost.
struct NpyArray {
  std::vector<std::int64_t> dims;  // outermost first; none: a scalar
  Tensor values;
  bool operator==(const NpyArray&) const = default;
};

/// Reads a .npy file (versions 1.0 and 2.0 of the format) of one of our dtypes, little-endian,
/// in C order.
/// Error (exit 3) in one line: another dtype, Fortran order, a header that is not exactly what
/// NumPy's format says, an extent outside 1 .. 2^31-1, bytes missing or left over.
/// Source: numpy.lib.format.
NpyArray read_npy(const std::string& path);
/// The values of a .npy file that must have these dims and this dtype.
Tensor read_npy(const std::string& path, const std::vector<std::int64_t>& dims, DType = DType::f32);
/// Writes version 1.0, atomically. Error (exit 4) when it cannot be written.
void write_npy(const std::string& path, const NpyArray&);

}  // namespace halcyon
