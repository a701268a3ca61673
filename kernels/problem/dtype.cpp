#include "kernels/problem/dtype.h"

#include <algorithm>
#include <cstddef>

namespace halcyon {
namespace {

struct Row {
  DType dtype;
  std::string_view word;
  int bytes;
};
constexpr Row kRows[] = {  // in the enum's order
    {DType::f32, "f32", 4}, {DType::f16, "f16", 2}, {DType::bf16, "bf16", 2},
    {DType::i8, "i8", 1},   {DType::u8, "u8", 1},   {DType::i32, "i32", 4}};

const Row& row_of(DType dtype) { return kRows[static_cast<std::size_t>(dtype)]; }

}  // namespace

int bytes_of(DType dtype) { return row_of(dtype).bytes; }
std::string_view to_text(DType dtype) { return row_of(dtype).word; }

bool dtype_from_text(std::string_view word, DType* out) {
  for (const Row& row : kRows)
    if (row.word == word) return *out = row.dtype, true;
  return false;
}

const std::vector<DType>& problem_dtypes() {
  static const std::vector<DType> all = {DType::f32, DType::f16, DType::bf16, DType::i8};
  return all;
}

std::vector<std::string> problem_dtype_words() {
  std::vector<std::string> words;
  for (const DType dtype : problem_dtypes()) words.emplace_back(to_text(dtype));
  return words;
}

bool problem_dtype_from_text(std::string_view word, DType* out) {
  DType found{};
  const auto& all = problem_dtypes();
  if (!dtype_from_text(word, &found) || std::find(all.begin(), all.end(), found) == all.end())
    return false;
  *out = found;
  return true;
}

}  // namespace halcyon
