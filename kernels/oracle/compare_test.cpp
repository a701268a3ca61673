#include "kernels/oracle/compare.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "kernels/oracle/arguments.h"
#include "kernels/oracle/random_problem.h"
#include "kernels/oracle/second_opinion.h"

namespace halcyon {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

Tensors filled(const Problem& problem, Fill kind, std::uint64_t seed) {
  Tensors tensors;
  for (const TensorSpec& spec : problem.tensors())
    if (spec.role != Role::output) tensors[spec.name] = fill(spec, problem, kind, seed);
  return tensors;
}

Comparison of(std::vector<float> found, std::vector<float> expected, Tolerance tolerance = {}) {
  return compare(found, expected, tolerance);
}

TEST(Compare, ReportsTheFirstBadElementAndTheWorstError) {
  const Comparison c = of({1, 2.5, 3, 5}, {1, 2, 3, 4});
  EXPECT_FALSE(c.equal);
  EXPECT_FALSE(c.nonfinite);
  EXPECT_EQ(c.first_bad, 1);
  EXPECT_EQ(c.found, 2.5);
  EXPECT_EQ(c.expected, 2);
  EXPECT_EQ(c.max_abs, 1);
  EXPECT_EQ(c.max_rel, 0.25);
  EXPECT_LT(c.cosine, 1);
}

TEST(Compare, EqualTensorsAreEqual) {
  const Comparison c = of({0, -1, 1e30f}, {0, -1, 1e30f});
  EXPECT_TRUE(c.equal);
  EXPECT_EQ(c.first_bad, -1);
  EXPECT_EQ(c.max_abs, 0);
  EXPECT_DOUBLE_EQ(c.cosine, 1);
  EXPECT_TRUE(of({}, {}).equal);
  EXPECT_EQ(of({0, 0}, {0, 0}).cosine, 1);
}

// Catches `error > tolerance`, which NaN passes.
TEST(Compare, NeverAcceptsNaN) {
  const Comparison c = of({1, kNaN, 2}, {1, 1, 2});
  EXPECT_FALSE(c.equal);
  EXPECT_TRUE(c.nonfinite);
  EXPECT_EQ(c.first_bad, 1);
  EXPECT_TRUE(std::isfinite(c.max_abs) && std::isfinite(c.max_rel) && std::isfinite(c.cosine));
  EXPECT_FALSE(of({1}, {kNaN}).equal);
  EXPECT_FALSE(of({kNaN}, {kNaN}).equal);
  EXPECT_FALSE(of({kNaN}, {kInf}).equal);
}

// Catches a relative tolerance of an infinite reference, which anything is within.
TEST(Compare, InfinitiesAreEqualOnlyToThemselves) {
  EXPECT_TRUE(of({kInf, -kInf}, {kInf, -kInf}).equal);
  EXPECT_FALSE(of({-kInf}, {kInf}).equal);
  EXPECT_FALSE(of({1}, {kInf}).equal);
  EXPECT_TRUE(of({kInf}, {1}).nonfinite);
}

TEST(Compare, RefusesOneUlpOverTheToleranceAnywhere) {
  const Tolerance tolerance{0.25, 0};  // exact in f32, so the edge is too
  for (std::size_t size : {1u, 7u, 64u, 1001u})
    for (std::size_t at : {std::size_t{0}, size / 2, size - 1}) {
      const std::vector<float> expected(size, 1.0f);
      std::vector<float> found = expected;
      found[at] = 1.25f;
      EXPECT_TRUE(compare(found, expected, tolerance).equal);
      found[at] = std::nextafter(1.25f, 2.0f);
      EXPECT_EQ(compare(found, expected, tolerance).first_bad, static_cast<std::int64_t>(at));
    }
}

TEST(Compare, RefusesAnotherLength) {
  EXPECT_EQ(of({1, 2}, {1, 2, 3}).first_bad, 2);
  EXPECT_FALSE(of({1, 2, 3}, {1, 2}).equal);
}

TEST(Tolerance, GrowsWithTheLongestSumAndTheActivationsBehindIt) {
  const auto of_line = [](const char* line, double error) {
    return tolerance_for(Problem::parse(line), error);
  };
  EXPECT_DOUBLE_EQ(of_line("1x8x8x4 | relu", 0).absolute, 1e-5);
  EXPECT_DOUBLE_EQ(of_line("1x8x8x4 | pw 9", 0).absolute, 2e-5);
  EXPECT_DOUBLE_EQ(of_line("1x8x8x4 | pw 9", 0).relative, 2.6e-6);
  EXPECT_DOUBLE_EQ(of_line("1x8x8x4 | pw 9 | dw 5x5 | pw 3", 0).absolute, 5e-5);
  EXPECT_DOUBLE_EQ(of_line("1x8x8x4 | conv 3x3 4 g4 gelu", 1e-3).absolute, 3e-5 + 1e-3);
  EXPECT_DOUBLE_EQ(of_line("1x8x8x4 | pw 4 gelu | pw 9", 1e-3).absolute, 2e-5 + 4e-3);
  EXPECT_DOUBLE_EQ(of_line("1x8x8x4 | se 4 silu sigmoid", 1e-3).absolute, 2e-5 + 2e-3);
}

TEST(Tolerance, IsWiderForSumsThanForTheResultThatTheySum) {
  const Problem problem = Problem::parse("1x10x10x4 | pw 4 gelu sums");
  const std::vector<TensorSpec>& tensors = problem.tensors();
  const Tolerance out = tolerance_for(problem, tensors[3], 1e-6);
  const Tolerance sums = tolerance_for(problem, tensors[4], 1e-6);
  EXPECT_DOUBLE_EQ(out.absolute, 2e-5 + 1e-6);
  EXPECT_DOUBLE_EQ(sums.absolute, 1e-4 + 1e-4);
  EXPECT_EQ(tolerance_for(problem, 1e-6).absolute, sums.absolute);
}

/// What each of these does to the u8 result of a small convolution.
TEST(Tolerance, OfI8FindsPlantedBugs) {
  const Problem problem = Problem::parse("i8 1x6x5x8 | conv 3x3 8 relu");
  const TensorSpec& out = problem.tensors().back();
  for (const Fill kind : {Fill::random, Fill::adversarial}) {
    const Tensors right = seeded_arguments(problem, kind, 5);
    const Tensor expected = reference(problem, right).at("out");
    const auto found = [&](const Tensor& result) {
      return !compare(result, expected, tolerance_for(problem, out, 0)).equal;
    };
    const auto with = [&](const char* name, auto change) {
      Tensors wrong = right;
      transform(wrong.at(name), change);
      return found(reference(problem, wrong).at("out"));
    };
    EXPECT_FALSE(found(expected));
    const double in_zero = right.at("q").at(0);
    EXPECT_TRUE(with("q", [&](double v, std::size_t i) { return i == 0 ? in_zero - 1 : v; }))
        << "padding that is a step beside the zero point";
    EXPECT_TRUE(with("w", [](double v, std::size_t i) { return i / 8 % 8 == 7 ? 0 : v; }))
        << "the last of the input channels, dropped";
    ASSERT_TRUE(kind == Fill::random || range_of(expected).second == 255);
    Tensor one_off = expected, edge = expected;
    transform(one_off,
              [](double v, std::size_t i) { return i == 77 ? v + (v < 255 ? 1 : -1) : v; });
    EXPECT_TRUE(found(one_off)) << "one step, once";
    transform(edge, [](double v, std::size_t) { return v == 255 ? 0 : v; });
    EXPECT_EQ(found(edge), range_of(expected).second == 255) << "a carry where it saturates";
  }
}

TEST(Tolerance, OfI8IsAStepBehindAFittedActivation) {
  const auto steps = [](const char* line) {
    return tolerance_for(Problem::parse(line), 1e-6).absolute;
  };
  EXPECT_EQ(steps("i8 1x4x4x8 | pw 8 relu | dw 3x3 relu6 | pw 8 add"), 0);
  EXPECT_EQ(steps("i8 1x4x4x8 | pw 8 gelu"), 1);
  EXPECT_EQ(steps("i8 1x4x4x8 | pw 8 hardswish | dw 3x3 silu | pw 8 silu"), 2);
}

/// The largest error of a float evaluation, in tolerances: below 1 the check accepts it.
double error_in_tolerances(const Problem& problem, Fill kind, std::uint64_t seed) {
  const Tensors arguments = filled(problem, kind, seed);
  const Tensors expected = reference(problem, arguments);
  const Tensors found = SecondOpinion<float>(problem, arguments).run();
  double worst = 0;
  for (const TensorSpec& spec : problem.tensors()) {
    if (spec.role != Role::output) continue;
    const Tolerance t = tolerance_for(problem, spec, 0);
    const auto right = numbers_of<double>(expected.at(spec.name));
    const auto ours = numbers_of<double>(found.at(spec.name));
    for (std::size_t i = 0; i < right.size(); ++i) {
      const double b = right[i], a = ours[i];
      worst = std::max(worst, std::abs(a - b) / (t.absolute + t.relative * std::abs(b)));
    }
  }
  return worst;
}

// A right kernel is never refused: plain f32 sums in the least favourable order, one by one, stay
// under half of the tolerance.
TEST(Tolerance, LeavesRoomForFloatArithmetic) {
  for (const char* line : {"1x14x14x80 | pw 120 hardswish | dw 3x3 hardswish sums",
                           "1x7x7x384 | dw 3x3 | pw 192 gelu | pw 384 skip", "1x4x4x1152 | pw 64",
                           "1x8x8x96 | conv 3x3 32 s2", "1x1x1x1024 | linear 200",
                           "1x56x56x8 | gap", "1x56x56x8 | relu sums", "1x56x56x8 | tokensum",
                           "1x14x14x96 | dw 5x5 silu | se 24 silu sigmoid | pw 40",
                           "1x28x28x16 | dw 5x5 gelu | dw 5x5 gelu | dw 5x5 gelu | dw 5x5 skip"})
    for (Fill kind : {Fill::random, Fill::adversarial})
      EXPECT_LT(error_in_tolerances(Problem::parse(line), kind, 9), 0.5) << line;
  const unsigned seed = 31;
  RandomProblem random(seed);
  for (int i = 0; i < 1000; ++i) {
    const std::string line = random.computed_line();
    const Fill kind = i % 2 ? Fill::adversarial : Fill::random;
    EXPECT_LT(error_in_tolerances(Problem::parse(line), kind, i), 0.5)
        << "seed " << seed << ": " << line;
  }
}

using Change = std::function<void(Tensors&)>;

/// Whether the check of `line` refuses what `computed_instead` gives, after a change of its
/// arguments or of its outputs.
bool refused(const char* line, const char* computed_instead, const Change& of_arguments = {},
             const Change& of_outputs = {}) {
  const Problem problem = Problem::parse(line);
  Tensors arguments = filled(problem, Fill::random, 17);
  const Tensors expected = reference(problem, arguments);
  if (of_arguments) of_arguments(arguments);
  Tensors found = reference(Problem::parse(computed_instead), arguments);
  if (of_outputs) of_outputs(found);
  for (const TensorSpec& spec : problem.tensors())
    if (spec.role == Role::output &&
        !compare(found.at(spec.name), expected.at(spec.name), tolerance_for(problem, spec, 2e-6))
             .equal)
      return true;
  return false;
}

TEST(Check, AcceptsTheRightKernel) {
  for (const char* line : {"1x9x9x6 | dw 3x3 s2 gelu sums", "1x7x7x32 | pw 64 | pw 32 skip"})
    EXPECT_FALSE(refused(line, line)) << line;
}

TEST(Check, RefusesAWrongWindow) {
  const char* const mutants[][2] = {
      {"1x9x9x6 | dw 3x3 s1x2", "1x9x9x6 | dw 3x3 s2x1"},                // strides swapped
      {"1x8x8x6 | dw 3x3 s2 p0,1,0,1", "1x8x8x6 | dw 3x3 s2 p1,0,1,0"},  // the other side
      {"1x8x8x6 | conv 2x2 4 p0,1,1,0", "1x8x8x6 | conv 2x2 4 p1,0,0,1"},
      {"1x9x9x6 | conv 3x3 4 d2", "1x9x9x6 | conv 3x3 4"},  // dilation forgotten
      {"1x8x8x6 | maxpool 2x2 p0,1,0,1", "1x8x8x6 | maxpool 2x2 p1,0,1,0"},
      {"1x8x8x8 | pw 8 gelu", "1x8x8x8 | pw 8 silu"},            // another activation
      {"1x8x8x8 | pw 8 skip", "1x8x8x8 | pw 8"},                 // residual forgotten
      {"1x8x8x8 | pw 8 relu skip", "1x8x8x8 | pw 8 skip relu"},  // epilogue out of order
      {"1x8x8x8 | se 2 relu sigmoid", "1x8x8x8 | se 2 relu hardsigmoid"},
  };
  for (const auto& [right, wrong] : mutants) EXPECT_TRUE(refused(right, wrong)) << wrong;
}

TEST(Check, RefusesADroppedTapOfTheLongestSums) {
  for (const char* line : {"1x4x4x1152 | pw 64", "1x4x4x2048 | pw 16", "1x1x1x1024 | linear 100",
                           "1x6x6x256 | conv 3x3 16", "1x6x6x16 | dw 15x15"}) {
    const Problem problem = Problem::parse(line);
    const auto drop = [&](Tensors& arguments) {  // the last term of every sum
      const auto w = arguments.at("w").as<float>();
      std::fill(w.end() - problem.tensors()[1].extents[0], w.end(), 0.0f);
    };
    // The corner tap of a 15x15 on 6x6 always reads padding: drop the centre instead.
    const auto centre = [&](Tensors& arguments) {
      std::fill_n(arguments.at("w").as<float>().begin() + 112 * 16, 16, 0.0f);
    };
    EXPECT_TRUE(
        refused(line, line, problem.ops()[0].w.kernel == 15 ? Change(centre) : Change(drop)))
        << line;
  }
  EXPECT_TRUE(refused("1x8x8x8 | pw 8", "1x8x8x8 | pw 8",
                      [](Tensors& arguments) { arguments.at("b") = Tensor(DType::f32, 8); }));
}

TEST(Check, RefusesPartsOfTheOutputLeftOut) {
  const char* line = "1x7x9x10 | dw 3x3 hardswish sums";
  const auto column = [](Tensors& out) {
    for (std::size_t row = 0; row < 7; ++row)
      std::fill_n(out.at("out").as<float>().begin() + (row * 9 + 8) * 10, 10, 0.0f);
  };
  EXPECT_TRUE(refused(line, line, {}, column));
  EXPECT_TRUE(
      refused(line, line, {}, [](Tensors& out) { out.at("out").as<float>().back() += 1e-3f; }));
  EXPECT_TRUE(refused(line, line, {}, [](Tensors& out) { out.at("out").as<float>()[0] = kNaN; }));
  EXPECT_TRUE(
      refused(line, line, {}, [](Tensors& out) { out.at("sums").as<float>().back() = kNaN; }));
  // A sum that misses its last row or column.
  EXPECT_TRUE(refused("1x56x56x4 | relu sums", "1x56x56x4 | relu sums", [](Tensors& arguments) {
    const auto in = arguments.at("in").as<float>();
    std::fill(in.end() - 56 * 4, in.end(), 0.0f);
  }));
  // A mean that misses its last pixel.
  EXPECT_TRUE(refused("1x112x112x4 | gap", "1x112x112x4 | gap", [](Tensors& arguments) {
    const auto in = arguments.at("in").as<float>();
    std::fill(in.end() - 4, in.end(), 0.0f);
  }));
}

// The tanh form of GELU is off by 5e-4: refused wherever nobody asked for it.
TEST(Check, RefusesACoarseActivation) {
  const auto coarse = [](Tensors& out) {
    for (float& x : out.at("out").as<float>())
      x = 0.5f * x * (1 + std::tanh(0.7978845608f * (x + 0.044715f * x * x * x)));
  };
  EXPECT_TRUE(refused("1x14x14x192 | pw 96 gelu", "1x14x14x192 | pw 96", {}, coarse));
  EXPECT_TRUE(refused("1x14x14x8 | dw 3x3 gelu", "1x14x14x8 | dw 3x3", {}, coarse));
}

}  // namespace
}  // namespace halcyon
