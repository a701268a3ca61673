#pragma once
#include "kernels/problem/problem.h"

namespace halcyon {

constexpr std::size_t kMostEpilogue = 16;  // words after one op

/// Makes a Problem from ops as written: resolves shapes one op after the other, then names the
/// arguments. The one way to a Problem, for the line and for JSON.
class ProblemBuilder {
 public:
  ProblemBuilder(DType dtype, const Shape& input);
  /// Takes an op with its arguments, attributes and epilogue set. Throws Error with the reason when
  /// it is impossible here; the caller adds the place.
  void add(Op);
  /// After at least one op.
  Problem finish();

 private:
  Problem problem_;
  std::int64_t macs_ = 0;
};

/// The same work in another dtype. Throws Error where an op of it cannot be.
Problem with_dtype(const Problem&, DType);

}  // namespace halcyon
