#pragma once
#include "kernels/oracle/tensor.h"

namespace halcyon {

/// Between NCHW, as models, their files and peers have it, and NHWC, as everything here has it.
/// `shape`: of the tensor, whose number of elements must be there; else Error (exit 3).
Tensor nchw_to_nhwc(TensorView, const Shape& shape);
Tensor nhwc_to_nchw(TensorView, const Shape& shape);

}  // namespace halcyon
