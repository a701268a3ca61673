#pragma once
#include <cstdint>
#include <vector>

#include "kernels/oracle/tensor.h"
#include "kernels/problem/problem.h"

namespace halcyon {

/// Dims of an op's weight as ONNX has it, outermost first: (C out, C in / groups, H, W) of conv, dw
/// and pw, (C out, C in) of linear. None when the op has no weight.
std::vector<std::int64_t> onnx_weight_dims(const Op&);

/// An op's weight from ONNX's order to that of its TensorSpec, (c, k, kx, ky) with the output
/// channel innermost, and back. Linear's weight is (C out, C in).
Tensor weight_from_onnx(const Op&, TensorView);
Tensor weight_to_onnx(const Op&, TensorView);

}  // namespace halcyon
