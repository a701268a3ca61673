#include "kernels/oracle/half.h"

#include <algorithm>

namespace halcyon {

template <int kExponentBits>
std::uint16_t Half<kExponentBits>::bits_of(double value) {
  const int sign = std::signbit(value) ? kSign : 0;
  if (std::isnan(value)) return static_cast<std::uint16_t>(sign | kInfinity | (kMask + 1) / 2);
  if (std::isinf(value)) return static_cast<std::uint16_t>(sign | kInfinity);
  if (value == 0) return static_cast<std::uint16_t>(sign);
  int exponent = 0;
  std::frexp(value, &exponent);  // value in [2^(exponent-1), 2^exponent)
  const int normal = std::max(exponent - 1, 1 - kBias);
  if (normal > kBias) return static_cast<std::uint16_t>(sign | kInfinity);
  const auto steps =
      static_cast<int>(std::nearbyint(std::ldexp(std::abs(value), kFraction - normal)));
  // A hidden bit, or a carry out of the fraction, raises the exponent by itself.
  return static_cast<std::uint16_t>(sign | (((normal + kBias - 1) << kFraction) + steps));
}

template class Half<5>;
template class Half<8>;

}  // namespace halcyon
