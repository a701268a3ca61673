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
  Halide::Func windowed(Halide::Expr outside) const;
  Halide::Expr zero() const;   // what the input holds where a value is zero: in i8 its zero point
  Halide::Expr least() const;  // of the input's type, -infinity where it has one

  /// An element as sums hold it: f32, in i8 i32. Of elements that a dtype below f32 stores.
  Halide::Expr wide(Halide::Expr element) const;
  /// An element as arithmetic on values takes it, in f32; in i8 in steps from its zero point.
  Halide::Expr value(Halide::Expr element) const;
  bool quantised() const { return problem.dtype() == DType::i8; }
  /// A constant of the op in i8, by its place in `q` (quantisation.h).
  Halide::Expr constant(int place) const;
  /// Stage acc over axes(), from `start` (the biases, or zero), plus `term` over its reduction
  /// domain.
  Halide::Expr sum(Halide::Expr start, Halide::Expr term) const;
  Halide::Expr sum(Halide::Expr term) const;
  /// Notes the extents of a stage over `stage_axes`, taken from the op's result.
  void has_extents_of_result(const std::string& stage,
                             const std::vector<Halide::Var>& stage_axes) const;
};

/// Where tap `k` of a window lies in the input for output `o`: o*stride + k*dilation - pad_lo.
Halide::Expr tap(const Window&, Halide::Expr o, Halide::Expr k);

/// The Halide algorithm of one op word: kernels/algorithms/<word>.cpp. Returns the op's result as
/// an Expr over axes(), before the epilogue, so that the epilogue lands in the same Func: a sum, in
/// f32 (in i8 an i32, or a value() in f32), or an element of its input as it is.
struct Kernel {
  const char* word;
  Halide::Expr (*build)(const Build&);
};
const Kernel& kernel_of(std::string_view word);

}  // namespace halcyon
