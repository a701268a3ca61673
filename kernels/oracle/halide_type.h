#pragma once
#include "HalideRuntime.h"
#include "kernels/oracle/tensor.h"

namespace halcyon {

/// What a dtype is to Halide and its runtime.
inline halide_type_t halide_type(DType dtype) {
  if (dtype == DType::f16) return {halide_type_float, 16};
  if (dtype == DType::bf16) return {halide_type_bfloat, 16};
  return with_type(dtype, []<class T>(std::type_identity<T>) -> halide_type_t {
    if constexpr (std::is_arithmetic_v<T>) return halide_type_of<T>();
    return {};
  });
}

}  // namespace halcyon
