#pragma once
#include <string>
#include <vector>

#include "kernels/oracle/tensor.h"
#include "kernels/problem/problem.h"
#include "schedules/language/step.h"

namespace halcyon {

/// How an argument lies in memory after a schedule's `winograd`, `pack`, `interleave`, `round` and
/// `flatten` steps, derived from the steps alone (no Halide), so that the host can pack weights for
/// any target.
struct Layout {
  std::string name;
  Role role = Role::input;
  DType dtype = DType::f32;
  std::vector<std::string> axes;  // after the rewrites, innermost first; pack of c: "c%16" k "c/16"
  std::vector<int> extents;
  bool packed = false;  // differs from the logical tensor in memory (flatten alone does not)
  std::vector<std::string> index;  // along each axis, of the logical element at axes c, k, ...: an
                                   // expression that C and a person read: "c", "(c % 16)"
  int winograd = 0;  // results of a tile whose transformed weights, not the logical ones, lie so
  /// Bytes the kernel may assume of the start address: 64 for packed weights, else one element.
  int alignment() const;
  std::int64_t elements() const;
  std::int64_t bytes() const { return elements() * bytes_of(dtype); }
};

/// The layout of every argument, in the order of problem.tensors(). Throws Error naming the step.
std::vector<Layout> layouts(const Problem&, const Schedule&);
/// Dense logical values -> the layout's; padding elements are zero.
Tensor lay_out(const TensorSpec&, const Schedule&, Tensor);
/// The largest stated error of the activation forms that a schedule picks for a problem.
double activation_error(const Problem&, const Schedule&);

}  // namespace halcyon
