#include "kernels/oracle/fill.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "kernels/oracle/reference.h"

namespace halcyon {
namespace {

const TensorSpec& named(const Problem& problem, const std::string& name) {
  for (const TensorSpec& spec : problem.tensors())
    if (spec.name == name) return spec;
  throw std::out_of_range(name);
}

double root_mean_square(const Tensor& tensor) {
  const std::vector<double> values = numbers_of<double>(tensor);
  double sum = 0;
  for (const double v : values) sum += v * v;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

// A repro must give the same numbers on every machine, and tomorrow.
TEST(Fill, IsTheSameEverywhere) {
  const Problem problem = Problem::parse("1x2x2x2 | pw 3 relu | pw 2");
  const Tensor first = fill(problem.tensors()[0], problem, Fill::random, 1);
  const auto in = numbers_of<float>(first);
  EXPECT_EQ(first, fill(problem.tensors()[0], problem, Fill::random, 1));
  // From a second program.
  EXPECT_EQ(std::vector<float>(in.begin(), in.begin() + 3),
            (std::vector<float>{-4609518 * 0x1p-23f, -3549864 * 0x1p-23f, -5549715 * 0x1p-23f}));
}

TEST(Fill, DiffersBySeedAndTensor) {
  const Problem problem = Problem::parse("1x8x8x8 | pw 8 relu | pw 8");
  std::set<std::vector<float>> seen;
  for (std::uint64_t seed : {0, 1, 2})
    for (const char* name : {"w1", "w2", "b1", "b2"})
      seen.insert(numbers_of<float>(fill(named(problem, name), problem, Fill::random, seed)));
  EXPECT_EQ(seen.size(), 12u);
}

TEST(Fill, StaysInItsRanges) {
  const Problem problem = Problem::parse("1x16x16x16 | pw 64 relu add | pw 8");
  const auto check = [&](const char* name, double bound) {
    const Tensor values = fill(named(problem, name), problem, Fill::random, 3);
    const auto [low, high] = range_of(values);
    EXPECT_GE(low, -bound) << name;
    EXPECT_LT(high, bound) << name;
    EXPECT_NEAR(root_mean_square(values), bound / std::sqrt(3), 0.1 * bound) << name;
  };
  check("in", 1);
  check("x1", 1);
  check("b1", 0.5);
  check("w1", std::sqrt(3 / 16.0));      // gain 1 behind the input
  check("w2", std::sqrt(2 * 3 / 64.0));  // gain 2 behind an activation
}

// Otherwise an absolute tolerance means nothing at the end of a chain.
TEST(Fill, KeepsActivationsInSizeThroughChains) {
  for (const char* line :
       {"1x14x14x64 | pw 128 relu | dw 3x3 relu | pw 64 | pw 128 relu | dw 5x5 | pw 32",
        "1x14x14x64 | dw 3x3 | pw 128 gelu | pw 64 skip | dw 3x3 | pw 96 gelu | pw 16",
        "1x14x14x48 | conv 3x3 32 silu | conv 3x3 32 silu | conv 3x3 32 silu | pw 8",
        "1x7x7x96 | pw 192 hardswish | dw 5x5 hardswish | se 48 relu hardsigmoid | pw 96"}) {
    const Problem problem = Problem::parse(line);
    Tensors arguments;
    for (const TensorSpec& spec : problem.tensors())
      if (spec.role != Role::output) arguments[spec.name] = fill(spec, problem, Fill::random, 4);
    const double size = root_mean_square(reference(problem, arguments).at("out"));
    EXPECT_GT(size, 0.2) << line;
    EXPECT_LT(size, 3) << line;
  }
}

TEST(Fill, AdversarialInputHasEachOfItsPatterns) {
  const Problem problem = Problem::parse("1x16x16x8 | relu");
  const auto in = numbers_of<float>(fill(problem.tensors()[0], problem, Fill::adversarial, 5));
  int zeros = 0, hot = 0, extremes = 0, saturating = 0;
  for (std::size_t pixel = 0; pixel < in.size(); pixel += 8) {
    int nought = 0, eight = 0, sixteen = 0;
    for (std::size_t c = 0; c < 8; ++c) {
      nought += in[pixel + c] == 0, eight += std::abs(in[pixel + c]) == 8;
      sixteen += std::abs(in[pixel + c]) == 16;
    }
    zeros += nought == 8, hot += nought == 7 && eight == 1, extremes += eight == 8;
    saturating += sixteen > 0;
  }
  for (int count : {zeros, hot, extremes, saturating}) EXPECT_GT(count, 256 / 8);
}

TEST(Fill, AdversarialInputOfOnePixelIsNeverZero) {
  const Problem problem = Problem::parse("1x1x1x32 | linear 4");
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    EXPECT_GT(root_mean_square(fill(problem.tensors()[0], problem, Fill::adversarial, seed)), 0.1);
}

}  // namespace
}  // namespace halcyon
