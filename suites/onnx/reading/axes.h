#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernels/problem/problem.h"

namespace halcyon {

/// How the axes of an ONNX tensor lie in an NHWC one: each axis is a run of the letters n, c, h, w,
/// outermost first. NCHW is {"n","c","h","w"}, tokens are {"n","hw","c"}, a flattened map is
/// {"n","chw"}. So Reshape, Flatten, Squeeze and Transpose move letters and no data; what becomes
/// of them shows where an op asks for certain axes. Letters of extent 1 may stand anywhere, or
/// nowhere.
using OnnxAxes = std::vector<std::string>;

inline const OnnxAxes kMapAxes = {"n", "c", "h", "w"};
inline const OnnxAxes kChannelsLastAxes = {"n", "h", "w", "c"};
inline const OnnxAxes kFlatAxes = {"n", "c"};

/// The axis as 0 .. rank-1; negative ones count from the end. Error (exit 3) when there is none.
std::size_t checked_axis(std::int64_t axis, std::size_t rank);

std::string axes_text(const OnnxAxes&);  // "(n, c, h*w)"
std::vector<std::int64_t> dims_of(const OnnxAxes&, const Shape&);
/// The same without letters of extent 1.
OnnxAxes without_ones(const OnnxAxes&, const Shape&);
/// Are these axes those, but for letters of extent 1?
bool same_axes(const OnnxAxes& a, const OnnxAxes& b, const Shape&);
/// Does a tensor of axes `b` go onto one of axes `a` by NumPy's broadcasting, axis by axis?
bool broadcasts(const OnnxAxes& a, const Shape& of_a, const OnnxAxes& b, const Shape& of_b);
/// The axes of the same elements under these dims (all positive); nothing when one of them would
/// cut a letter in two.
std::optional<OnnxAxes> reshaped(const OnnxAxes&, const Shape&,
                                 const std::vector<std::int64_t>& dims);

}  // namespace halcyon
