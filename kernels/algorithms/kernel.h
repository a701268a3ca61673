#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "Halide.h"
#include "kernels/algorithms/algorithm.h"

namespace halcyon {

/// What a kernel is given to build one op of a chain.
struct Build {
  Algorithm& algorithm;
  const Problem& problem;
  int op;                                                // index in problem.ops()
  Halide::Func in;                                       // the tensor before it, over axes()
  const std::map<std::string, Halide::Func>& arguments;  // every input of the problem, by name
  Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};

  const Op& o() const { return problem.ops()[op]; }
  std::string name(const char* base) const { return problem.name(base, op); }
  /// The argument of this op called `base`, as a Func over its axes.
  Halide::Func argument(const char* base) const;
  /// The further inputs of this op (Role::extra), in order.
  std::vector<Halide::Func> extras() const;
  /// (c, x, y) or (c, x, y, n): n only where the batch is more than 1.
  std::vector<Halide::Var> axes() const;
  /// `f` at a place of the map, in the same batch element.
  Halide::Expr at(const Halide::Func& f, Halide::Expr channel, Halide::Expr column,
                  Halide::Expr row) const;
  /// `f` at this op's own axes, those that it has.
  Halide::Expr here(const Halide::Func& f) const;
  /// The tensor before the op, as a window may read it: stage src, `outside` beyond the map on the
  /// axes where the window leaves it; the tensor itself when it never does.
  Halide::Func windowed(double outside = 0) const;
  /// Stage acc over axes(), from `start`, plus `term` over its reduction domain.
  Halide::Expr sum(Halide::Expr start, Halide::Expr term) const;
  /// Notes the extents of a stage over `stage_axes`, taken from the op's result.
  void has_extents_of_result(const std::string& stage,
                             const std::vector<Halide::Var>& stage_axes) const;
};

/// Where tap `k` of a window lies in the input for output `o`: o*stride + k*dilation - pad_lo.
Halide::Expr tap(const Window&, Halide::Expr o, Halide::Expr k);

/// The Halide algorithm of one op word: kernels/algorithms/<word>.cpp. Returns the op's result as
/// an Expr over axes(), before the epilogue, so that the epilogue lands in the same Func.
struct Kernel {
  const char* word;
  Halide::Expr (*build)(const Build&);
};
const Kernel& kernel_of(std::string_view word);

}  // namespace halcyon
