#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/problem/problem.h"

namespace halcyon {

/// A tensor as NumPy's .npy files hold it: float32, the last dim innermost.
struct NpyArray {
  std::vector<std::int64_t> dims;  // outermost first; none: a scalar
  std::vector<float> values;
  bool operator==(const NpyArray&) const = default;
};

/// Reads a .npy file (versions 1.0 and 2.0 of the format) of little-endian float32 in C order.
/// Error (exit 3) in one line: another dtype, Fortran order, a header that is not exactly what
/// NumPy's format says, an extent outside 1 .. 2^31-1, bytes missing or left over.
/// Source: numpy.lib.format.
NpyArray read_npy(const std::string& path);
/// The values of a .npy file that must have these dims.
std::vector<float> read_npy(const std::string& path, const std::vector<std::int64_t>& dims);
/// Writes version 1.0, atomically. Error (exit 4) when it cannot be written.
void write_npy(const std::string& path, const NpyArray&);

/// Between NCHW, as models and their files have it, and NHWC, as everything here has it. `shape`:
/// of the tensor, whose number of elements `values` must have.
std::vector<float> nchw_to_nhwc(const std::vector<float>& values, const Shape& shape);
std::vector<float> nhwc_to_nchw(const std::vector<float>& values, const Shape& shape);

}  // namespace halcyon
