#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "kernels/problem.h"

namespace halcyon {

/// Tensors of a problem by name, as plain doubles: what the reference reads and writes.
using Values = std::map<std::string, std::vector<double>>;

/// What is the same for every op of one word. One file in kernels/ops/ per word; the list of words
/// is HALCYON_KERNELS in kernels/CMakeLists.txt.
struct OpKind {
  const char* word;       // "dw"
  const char* arguments;  // positional, as the grammar writes them: "KHxKW CO", "R ACT GATE", ""
  const char* attributes; // which of s p d g it takes: "spd"
  const char* help;       // one line for `halcyon list ops`
  /// Fills op.out from op.in and the attributes. Throws Error with the reason when impossible.
  void (*resolve)(Op&);
  /// Its weights, biases: name without suffix, role, axes, extents. Epilogue inputs are not its
  /// affair. May be null: none.
  std::vector<TensorSpec> (*parameters)(const Op&);
  /// Multiply-accumulates with and without padded taps. May be null: none.
  std::int64_t (*macs)(const Op&, bool inside_only);
  /// Plain loops in double, NHWC, before the epilogue. `arg(base)` is the parameter of that name
  /// (without suffix) in the axes order of `parameters`.
  std::vector<double> (*reference)(const Op&, std::span<const double> in,
                                   const std::function<std::span<const double>(const char*)>& arg);
};

/// All words, in the order of the list. `map` (an epilogue with no op before it) is the last.
const std::vector<const OpKind*>& op_kinds();
const OpKind* find_op_kind(std::string_view word);  // null when there is none

}  // namespace halcyon
