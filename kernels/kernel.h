#pragma once
#include <functional>
#include <string>
#include <vector>

#include "Halide.h"
#include "kernels/algorithm.h"

namespace halcyon {

/// What a kernel is given to build one op of a chain.
struct Build {
  Algorithm& algorithm;
  const Problem& problem;
  int op;              // index in problem.ops()
  Halide::Func in;     // the tensor before it, over (c, x, y[, n])
  const Op& o() const { return problem.ops()[op]; }
  std::string name(const char* base) const { return problem.name(base, op); }
  /// The argument of this op called `base`, as a Func over its axes.
  Halide::Func argument(const char* base) const;
  /// (c, x, y) or (c, x, y, n).
  std::vector<Halide::Var> axes() const;
};

/// The Halide algorithm of one op word: kernels/<word>.cpp. Returns the op's result as an Expr over
/// axes(), before the epilogue, so that the epilogue lands in the same Func.
struct Kernel {
  const char* word;
  Halide::Expr (*build)(const Build&);
};
const Kernel& kernel_of(std::string_view word);

}  // namespace halcyon
