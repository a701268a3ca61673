#pragma once
#include <cstdint>
#include <vector>

#include "kernels/problem/problem.h"
#include "schedules/language/step.h"

namespace halcyon {

/// Winograd's convolution of tiles of `results` x `results` by windows of 3x3, one axis of it:
/// results = A^T ((G weights) * (B^T inputs)), with as many products as inputs where the sum has 3
/// for each result. Two axes are one after the other.
///
/// Its error in f32, over that of the sum as it stands in f32, one product after the other: in the
/// mean 0.6 (256 channels) to 1.2 (5) for 2 x 2 results, 1.6 to 3.8 for 4 x 4; the largest 0.3 to 1
/// and 1.6 to 3. A test holds them to 2 and 6. The tolerance of that sum (kernels/oracle/
/// tolerance.h), which allows ten to a hundred times what it loses, so judges tiles, too, as it is.
struct Winograd {
  using Matrix = std::vector<std::vector<double>>;
  int results = 0;
  int inputs() const { return results + 2; }
  /// Rows of B^T, G and A^T; those of points p and -p are neighbours, from row 1 on: their even
  /// columns are equal, their odd ones opposite.
  Matrix of_inputs, of_weights, of_results;
};
/// Of 2 or 4 results; null of other numbers.
const Winograd* find_winograd(int results);

/// The least multiply-adds that a schedule of a problem leaves of those inside the input: its
/// transforms aside.
std::int64_t macs_left(const Problem&, const Schedule&);

}  // namespace halcyon
