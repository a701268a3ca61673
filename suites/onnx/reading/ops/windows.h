#pragma once
#include <cstdint>
#include <vector>

#include "suites/onnx/reading/call.h"

namespace halcyon {

/// Kernels, strides, dilations, paddings and blocks above this are no network's, and their products
/// could pass the range of int.
inline constexpr std::int64_t kMostWindow = 4096;

/// An attribute of two numbers of 1 to kMostWindow, for height and width; `otherwise` for both when
/// it is not there. Error (exit 3) when not.
std::vector<std::int64_t> pair_of(const OnnxCall&, const char* name, std::int64_t otherwise);

struct Windows {
  Window h, w;
};
/// The windows of a Conv or a pool of this kernel, padding of a Pad before it included. Error
/// (exit 3) when strides, dilations, pads or auto_pad are not as ONNX has them.
Windows windows_of(const OnnxCall&, const std::vector<std::int64_t>& kernel, const OnnxValue& x);

}  // namespace halcyon
