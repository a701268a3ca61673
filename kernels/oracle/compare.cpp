#include "kernels/oracle/compare.h"

#include <algorithm>
#include <cmath>

namespace halcyon {
namespace {

/// The error of one element, infinite when it is wrong whatever the tolerance.
bool within(double found, double expected, const Tolerance& tolerance, double* error) {
  if (std::isinf(expected)) {
    *error = 0;
    return found == expected;  // the relative tolerance would be infinite
  }
  *error = std::abs(found - expected);
  return !!(*error <= tolerance.absolute + tolerance.relative * std::abs(expected));
}

template <class T>
Comparison compare_values(std::span<const T> found, std::span<const T> expected,
                          Tolerance tolerance) {
  Comparison result;
  double dot = 0, found_square = 0, expected_square = 0;
  const std::size_t count = std::min(found.size(), expected.size());
  const auto bad = [&](std::size_t i) {
    if (result.first_bad < 0) result.first_bad = static_cast<std::int64_t>(i);
  };
  for (std::size_t i = 0; i < count; ++i) {
    const auto a = static_cast<double>(found[i]), b = static_cast<double>(expected[i]);
    double error = 0;
    if (!within(a, b, tolerance, &error)) bad(i);
    if (!std::isfinite(a) || !std::isfinite(b)) continue;  // records hold finite figures only
    result.max_abs = std::max(result.max_abs, error);
    if (b != 0) result.max_rel = std::max(result.max_rel, error / std::abs(b));
    dot += a * b, found_square += a * a, expected_square += b * b;
  }
  if (found.size() != expected.size()) bad(count);
  if (const double norms = std::sqrt(found_square) * std::sqrt(expected_square); norms > 0)
    result.cosine = dot / norms;
  else
    result.cosine = found_square == expected_square ? 1 : 0;
  result.equal = result.first_bad < 0;
  if (!result.equal && result.first_bad < static_cast<std::int64_t>(count)) {
    result.found = found[result.first_bad], result.expected = expected[result.first_bad];
    result.nonfinite = !std::isfinite(result.found) && std::isfinite(result.expected);
  }
  return result;
}

}  // namespace

Comparison compare(TensorView found, TensorView expected, Tolerance tolerance) {
  return with_type(expected.dtype, [&]<class T>(std::type_identity<T>) {
    return compare_values(found.as<T>(), expected.as<T>(), tolerance);
  });
}

}  // namespace halcyon
