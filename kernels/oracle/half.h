#pragma once
#include <bit>
#include <cmath>
#include <cstdint>

namespace halcyon {

/// A float of 16 bits with so many of them for the exponent, as it is stored; loops compute in
/// wider types. Of a double it is the nearest one, ties to even; beyond its largest, infinity.
template <int kExponentBits>
class Half {
 public:
  Half() = default;
  explicit Half(double value) : bits_(bits_of(value)) {}
  operator float() const {  // NOLINT: every Half is a float
    if constexpr (kExponentBits == 8) return std::bit_cast<float>(std::uint32_t{bits_} << 16);
    const int exponent = bits_ >> kFraction & (kInfinity >> kFraction), fraction = bits_ & kMask;
    const float sign = bits_ & kSign ? -1.f : 1.f;
    if (exponent == kInfinity >> kFraction) return sign * (fraction ? NAN : INFINITY);
    const int hidden = exponent > 0 ? kMask + 1 : 0;
    const int unit = (exponent > 0 ? exponent : 1) - kBias - kFraction;
    return sign * std::ldexp(static_cast<float>(hidden + fraction), unit);
  }
  static constexpr double largest() {
    double power = 1;
    for (int i = 0; i < kBias; ++i) power *= 2;
    return power * (2 - 1.0 / (1 << kFraction));
  }
  /// The distance of 1 to the next number.
  static constexpr double epsilon() { return 1.0 / (1 << kFraction); }

 private:
  static constexpr int kFraction = 15 - kExponentBits, kBias = (1 << (kExponentBits - 1)) - 1;
  static constexpr int kMask = (1 << kFraction) - 1, kSign = 0x8000;
  static constexpr int kInfinity = ((1 << kExponentBits) - 1) << kFraction;

  static std::uint16_t bits_of(double value);

  std::uint16_t bits_ = 0;
};
using Float16 = Half<5>;
using BFloat16 = Half<8>;

}  // namespace halcyon
