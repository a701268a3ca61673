#include "kernels/problem/dtype.h"

#include <cstddef>

namespace halcyon {
namespace {

struct Row {
  DType dtype;
  std::string_view word;
  int bytes;
};
constexpr Row kRows[] = {{DType::f32, "f32", 4}, {DType::f16, "f16", 2}};  // in the enum's order

const Row& row_of(DType dtype) { return kRows[static_cast<std::size_t>(dtype)]; }

}  // namespace

int bytes_of(DType dtype) { return row_of(dtype).bytes; }
std::string_view to_text(DType dtype) { return row_of(dtype).word; }

bool dtype_from_text(std::string_view word, DType* out) {
  for (const Row& row : kRows)
    if (row.word == word) return *out = row.dtype, true;
  return false;
}

}  // namespace halcyon
