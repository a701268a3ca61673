#pragma once
#include <string_view>

namespace halcyon {

enum class DType { f32, f16 };
int bytes_of(DType);              // of one element
std::string_view to_text(DType);  // "f32"
/// The dtype called `word`; false when there is none.
bool dtype_from_text(std::string_view word, DType* out);

}  // namespace halcyon
