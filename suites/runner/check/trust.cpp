#include "suites/runner/check/trust.h"

#include <cstdio>

namespace halcyon {

std::optional<std::string> mistrust(std::span<const TensorView> references) {
  constexpr double kLeastNonzero = 0.02;  // a ReLU leaves about half
  std::size_t all = 0, nonzero = 0;
  bool constant = true;
  const double first = references.front().at(0);
  for (const TensorView reference : references)
    with_values(reference, [&](auto values) {
      for (const auto v : values) {
        all++;
        nonzero += v != 0;
        constant &= v == first;
      }
    });
  if (constant) {
    char text[48];
    std::snprintf(text, sizeof text, "is %.7g everywhere", first);
    return text;
  }
  if (static_cast<double>(nonzero) < kLeastNonzero * static_cast<double>(all))
    return "has only " + std::to_string(nonzero) + " values of " + std::to_string(all) +
           " that are not zero";
  return std::nullopt;
}

}  // namespace halcyon
