#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace halcyon {

/// What elements are: f16 is IEEE's half, bf16 the upper half of an f32. Of a problem in i8 the
/// activations are u8, the weights i8 and the biases i32 (kernels/problem/quantisation.h).
enum class DType { f32, f16, bf16, i8, u8, i32 };
int bytes_of(DType);              // of one element
std::string_view to_text(DType);  // "f32"
/// The dtype called `word`; false when there is none.
bool dtype_from_text(std::string_view word, DType* out);

/// Those that a problem can be in, f32 first, and their words.
const std::vector<DType>& problem_dtypes();
std::vector<std::string> problem_dtype_words();
/// Likewise of a word; false when it is none of them.
bool problem_dtype_from_text(std::string_view word, DType* out);

}  // namespace halcyon
