#include "kernels/oracle/arguments.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/problem/quantisation.h"

namespace halcyon {
namespace {

// What i8 loses of the values: half a step of the result and what the operands' steps are worth.
TEST(SeededArguments, OfI8StandForThoseOfF32) {
  for (const char* line : {"1x6x5x8 | pw 12 relu", "1x6x5x8 | dw 3x3 s2 hardswish",
                           "1x5x5x6 | conv 3x3 8 add", "1x4x4x8 | gap", "1x4x4x8 | upsample2x",
                           "1x1x1x16 | linear 10", "1x6x5x8 | dw 3x3 | pw 16 gelu | pw 8 skip",
                           "1x6x6x4 | maxpool 3x3 s2 | pw 4 scale", "1x4x4x8 | silu"}) {
    const Problem f = Problem::parse(line), i = Problem::parse(std::string("i8 ") + line);
    const auto expected =
        numbers_of<double>(reference(f, seeded_arguments(f, Fill::random, 3)).at("out"));
    const Tensors quantised = seeded_arguments(i, Fill::random, 3);
    const auto steps = numbers_of<double>(reference(i, quantised).at("out"));
    const int last = static_cast<int>(i.ops().size()) - 1;
    const auto q = numbers_of<double>(quantised.at(i.name("q", last)));
    double signal = 0, noise = 0;
    for (std::size_t e = 0; e < expected.size(); ++e) {
      const double found = (steps[e] - q[quantised::zero]) * q[quantised::scale];
      signal += expected[e] * expected[e];
      noise += (found - expected[e]) * (found - expected[e]);
    }
    EXPECT_GT(10 * std::log10(signal / noise), 25) << line;
  }
}

}  // namespace
}  // namespace halcyon
