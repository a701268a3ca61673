#pragma once
#include <map>
#include <string>
#include <vector>

#include "Halide.h"
#include "kernels/problem.h"

namespace halcyon {

/// A stage that is zero (or -infinity for max pooling) outside [0, extent) of some axes.
struct Padding {
  Halide::Func source;
  std::map<std::string, int> extent;  // axis -> extent of the source
  float value = 0;
};

/// What is computed: pure NHWC formulas over (c, x, y[, n]); no layout, tile, view or padding form.
struct Algorithm {
  std::vector<Halide::ImageParam> inputs;   // in the order of Problem::tensors()
  std::vector<Halide::Func> outputs;        // likewise: out, then sums
  std::map<std::string, std::vector<int>> extents;  // of arguments and of the tensors between ops
  std::map<std::string, Padding> paddings;  // by stage name

  /// An input argument; stage and argument are both called `name`.
  Halide::Func input(const TensorSpec&);
  /// `source`, and `value` outside its extents along the axes of `extent`. Written out by hand, with
  /// likely() on the select, so that loops partition (halide facts: BoundaryConditions' names collide).
  Halide::Func pad(const std::string& name, Halide::Func source, std::map<std::string, int> extent,
                   float value = 0);
  std::vector<Halide::Argument> arguments() const;
  Halide::Pipeline pipeline() const { return Halide::Pipeline(outputs); }
};

/// The algorithm of a problem: each op's kernel and epilogue, composed. Activations stand as calls
/// of `halcyon_<name>` until a form is chosen (activation.h).
Algorithm build_algorithm(const Problem&);

}  // namespace halcyon
