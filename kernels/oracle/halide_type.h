#pragma once
#include "HalideRuntime.h"
#include "kernels/oracle/tensor.h"

namespace halcyon {

/// What a dtype is to Halide and its runtime.
inline halide_type_t halide_type(DType dtype) {
  return with_type(dtype, []<class T>(std::type_identity<T>) { return halide_type_of<T>(); });
}

}  // namespace halcyon
