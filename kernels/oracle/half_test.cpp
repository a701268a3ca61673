#include "kernels/oracle/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace halcyon {
namespace {

template <class H>
double once(double value) {
  return static_cast<float>(H(value));
}

TEST(Half, RoundsToTheNearestTiesToEven) {
  EXPECT_EQ(once<BFloat16>(1 + 1.0 / 256), 1) << "halfway, the lower one is even";
  EXPECT_EQ(once<BFloat16>(1 + 3.0 / 256), 1 + 2.0 / 128) << "halfway, the upper one is even";
  EXPECT_EQ(once<BFloat16>(1 + 1.0 / 256 + 1e-12), 1 + 1.0 / 128)
      << "an f32 in between would lose it";
  EXPECT_EQ(once<Float16>(2049), 2048);
  EXPECT_EQ(once<Float16>(2051), 2052);
  EXPECT_EQ(once<Float16>(-0.1), -0.0999755859375);
}

TEST(Half, HoldsItsEnds) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(once<Float16>(65504), 65504);
  EXPECT_EQ(once<Float16>(65519.9), 65504);
  EXPECT_EQ(once<Float16>(65520), inf);
  EXPECT_EQ(Float16::largest(), 65504);
  EXPECT_EQ(once<BFloat16>(BFloat16::largest()), BFloat16::largest());
  EXPECT_EQ(once<BFloat16>(-1e39), -inf);
  EXPECT_EQ(once<Float16>(std::ldexp(1, -24)), std::ldexp(1, -24)) << "its least subnormal";
  EXPECT_EQ(once<Float16>(std::ldexp(1, -25)), 0);
  EXPECT_TRUE(std::isnan(once<Float16>(NAN)));
  EXPECT_TRUE(std::signbit(once<BFloat16>(-0.0)));
}

TEST(Half, OfEveryPatternIsItself) {
  for (int bits = 0; bits < 0x10000; ++bits) {
    const auto pattern = static_cast<std::uint16_t>(bits);
    const float f = std::bit_cast<Float16>(pattern), b = std::bit_cast<BFloat16>(pattern);
    if (!std::isnan(f)) {
      ASSERT_EQ(std::bit_cast<std::uint16_t>(Float16(f)), pattern);
    }
    if (!std::isnan(b)) {
      ASSERT_EQ(std::bit_cast<std::uint16_t>(BFloat16(b)), pattern);
    }
  }
}

}  // namespace
}  // namespace halcyon
