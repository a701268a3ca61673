#pragma once
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "Halide.h"
#include "kernels/problem/problem.h"

namespace halcyon {

/// A stage that is zero (in i8 the zero point; for max pooling the least number) outside
/// [0, extent) of some axes.
struct Padding {
  Halide::Func source;
  std::map<std::string, int> extent;  // axis -> extent of the source
  Halide::Expr value;
};

/// What is computed: pure NHWC formulas over (c, x, y[, n]); no layout, tile, view or padding form.
///
/// Stages by op word, names as in Problem::name, all over the axes of the op's result unless said:
///   conv dw pw linear  [src] acc <result>     acc(c,x,y) = b(c); acc(c,x,y) += src(..) * w(..)
///   maxpool            [src] acc <result>     src -infinity outside
///   gap tokensum       acc <result>           sums over rx, ry
///   s2d upsample2x map <result>               one pure formula
///   se                 sum mean accr red acce gate <result>   all but the result over (c[, n])
///   `sums` of an epilogue: total<i>, over rx, ry, and the output sums<i>
/// Sums and epilogues are in f32, in i8 sums in i32, whatever dtype tensors are stored in.
/// src is there only when a window leaves the input, and pads only the axes where it does.
struct Algorithm {
  std::vector<Halide::ImageParam> inputs;           // in the order of Problem::tensors()
  std::vector<Halide::Func> outputs;                // likewise: out, then sums
  std::map<std::string, std::vector<int>> extents;  // of arguments and of every stage whose values
                                                    // stand for a tensor; innermost axis first
  std::map<std::string, Padding> paddings;          // by stage name

  /// An input argument over spec.axes; stage and argument are both called `name` (Halide's name of
  /// the stage is `name`_im, because a parameter and a Func may not share one).
  Halide::Func input(const TensorSpec&);
  /// `source`, and `value` outside its extents along the axes of `extent`. Written out by hand,
  /// with likely() on the select, so that loops partition (BoundaryConditions' names collide). An
  /// axis in `unguarded` is clamped only: for a reader that never looks outside it.
  Halide::Func pad(const std::string& name, Halide::Func source, std::map<std::string, int> extent,
                   Halide::Expr value, const std::vector<std::string>& unguarded = {});
  std::vector<Halide::Argument> arguments() const;
  /// With the lowering passes that a schedule asks for.
  Halide::Pipeline pipeline() const;
  std::vector<std::shared_ptr<Halide::Internal::IRMutator>> passes;
};

/// A reduction domain from 0 whose loops are called as given, innermost first: {{"k", 64}, {"kx",
/// 3},
/// {"ky", 3}}. Halide numbers them as it does Funcs (k, k$1), since Li2018 keeps the loops of all
/// reductions in one table by name; steps leave the number out:
///   conv k kx ky;  pw linear k;  dw maxpool kx ky;  se's acce, accr k;
///   gap tokensum, se's sum, sums rx ry
Halide::RDom reduction(const std::vector<std::pair<std::string, int>>& loops);

/// The algorithm of a problem: each op's kernel and epilogue, composed. Activations stand as calls
/// of `halcyon_<name>` until a form is chosen (activation.h).
Algorithm build_algorithm(const Problem&);

}  // namespace halcyon
