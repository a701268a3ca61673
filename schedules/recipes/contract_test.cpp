// Every recipe keeps its promise under Halide: whatever the knobs, the answer stays. Tiny odd
// problems, Halide's bounds checks on, against the plain loops.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "schedules/apply/jit_run.h"
#include "schedules/recipes/recipe.h"

namespace halcyon {
namespace {

constexpr unsigned kSeed = 20261124;

/// `halide`: words that give dot products to recipes; what runs here is of this machine.
Target facts(int bits, int registers, double fma_per_cycle, int threads, const char* halide = "") {
  Target t;
  t.halide = halide;
  t.threads = threads;
  t.vector_bits = bits;
  t.vector_registers = registers;
  t.fma_per_cycle = fma_per_cycle;
  t.l2_bytes = 1024;  // so small that chains start fused
  return t;
}

class KnobsKeepTheAnswer : public testing::TestWithParam<const char*> {};

// Catches a tile that drops the last columns, a tail that reads outside, a packed weight read in
// the wrong order, a band that misses a row; and on two threads a loop that cannot be shared.
TEST_P(KnobsKeepTheAnswer, AtTheStartAndAtRandomPoints) {
  const Problem problem = Problem::parse(GetParam());
  const Recipe& recipe = recipe_for(problem);
  std::mt19937 random(kSeed);
  for (const Target& target :
       {facts(256, 16, 2, 1), facts(512, 32, 1, 2, "x86-64-linux-avx512_zen4"),
        facts(128, 32, 2, 1, "arm-64-linux-arm_dot_prod")}) {
    if (target.signed_dots() && problem.dtype() != DType::i8) continue;
    std::vector<Point> points = all_points(recipe, problem, target);
    std::shuffle(points.begin(), points.end(), random);
    points.resize(std::min<std::size_t>(points.size(), 1));
    points.push_back(recipe.start(problem, target));
    if (target.threads > 1)  // also of what would be too small to be worth it
      points.back()["parallel"] = recipe.knobs(problem, target).back().values.back();
    for (const Point& point : points)
      EXPECT_EQ(jit_mismatch(GetParam(), to_text(recipe.expand(problem, target, point))), "")
          << to_text(point) << ", seed " << kSeed;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Lines, KnobsKeepTheAnswer,
    testing::Values("1x5x9x11 | dw 3x3 hardswish sums",        // channels no multiple of a vector
                    "2x6x5x8 | dw 2x2 s2 p1,0,0,1",            // batch, one-sided padding
                    "1x9x6x3 | dw 5x3 d2",                     // dilated, fewer channels than lanes
                    "1x1x1x3 | dw 7x7",                        // one pixel
                    "2x5x7x13 | pw 31 gelu add",               // 70 points over two images
                    "1x5x3x18 | pw 27 g3 add",                 // odd groups
                    "1x7x7x16 | pw 32 g2 silu",                // groups of whole vectors
                    "1x9x11x5 | conv 3x3 7 s2 p0,1,1,0 silu",  // asymmetric padding
                    "2x7x7x12 | conv 4x4 10 p1,2,2,1 g2",      // grouped, even window, batch
                    "1x8x8x3 | conv 3x3 16 s2",                // a stem
                    "2x1x1x37 | linear 11 gelu",               //
                    "2x11x8x19 | maxpool 3x3 s2 p0,1,0,1",     //
                    "2x5x3x13 | gap",                          //
                    "2x3x5x9 | tokensum",                      //
                    "2x13x9x13 | gap",                         // rows summed each by itself
                    "1x11x12x9 | tokensum",                    //
                    "1x12x11x10 | se 3 silu sigmoid",          //
                    "1x12x11x10 | dw 3x3 hardswish sums",      //
                    "1x60x40x8 | dw 3x3 sums",                 // each by the thread that wrote it
                    "2x6x9x5 | s2d 3",                         //
                    "2x5x3x7 | upsample2x",                    //
                    "2x5x3x10 | se 3 silu sigmoid",            //
                    "2x3x5x13 | scale gelu add",               //
                    "1x7x9x12 | dw 3x3 | pw 20 gelu | pw 12 skip",
                    "1x8x8x6 | pw 18 relu | dw 5x5 s2 relu | pw 9",
                    "1x9x5x6 | pw 18 silu | dw 3x3 d2 silu sums | pw 6 skip",
                    "2x5x7x10 | pw 22 | dw 5x5 s2 | se 6 relu hardsigmoid | pw 9",
                    "1x5x7x10 | scale | pw 9 relu",  // the factor on weights with a tail
                    "1x4x3x16 | scale | pw 8",       // the same, input values by whole vectors
                    "1x6x5x10 | dw 3x3 silu | se 3 silu sigmoid | pw 7",
                    "i8 2x5x7x12 | pw 31 gelu add",        // dot products, tails
                    "i8 1x5x7x13 | pw 16 relu",            // an odd sum has none
                    "i8 1x5x3x16 | pw 24 g2 add relu",     // groups of two dot products
                    "i8 1x9x11x8 | conv 3x3 7 s2 relu6",   //
                    "i8 1x5x9x11 | dw 3x3 hardswish",      // taps side by side
                    "i8 1x9x9x16 | dw 5x5 s2",             // over the output's columns
                    "i8 1x9x6x16 | dw 5x3 d2 add",         // dilated
                    "i8 2x6x5x8 | dw 2x2 s2 p1,0,0,1",     //
                    "i8 1x9x6x16 | dw 5x1",                // no taps beside each other
                    "i8 1x12x9x16 | dw 1x5 p0 relu",       // nothing is padded
                    "1x3x5x37 | to i8",                    // vectors and a tail
                    "i8 2x3x5x13 | to f32",                //
                    "2x3x5x13 | to bf16",                  //
                    "i8 2x5x3x13 | gap",                   //
                    "i8 2x11x8x19 | maxpool 3x3 s2 relu",  //
                    "i8 2x6x9x5 | s2d 3",                  //
                    "i8 2x5x3x7 | upsample2x",             //
                    "i8 2x3x5x13 | scale silu add",        //
                    "i8 1x7x9x12 | dw 3x3 | pw 20 gelu | pw 12 skip",
                    "i8 1x8x8x6 | pw 18 relu | dw 5x5 s2 relu | pw 9",
                    "bf16 2x5x7x14 | pw 31 gelu add",         //
                    "bf16 1x9x11x6 | conv 3x3 7 s2 silu",     //
                    "bf16 1x5x9x11 | dw 3x3 hardswish sums",  //
                    "bf16 2x11x8x19 | maxpool 3x3 s2",        //
                    "bf16 2x5x7x10 | pw 22 | dw 5x5 s2 | se 6 relu hardsigmoid | pw 9",
                    "f16 2x5x7x13 | pw 31 gelu add",  //
                    "f16 1x6x5x10 | dw 3x3 silu | se 3 silu sigmoid | pw 7",
                    "f16 2x5x3x7 | upsample2x",  //
                    "1x8x6x5 | s2d 2 | pw 11 | upsample2x | conv 3x3 4 relu",
                    "1x7x9x8 | hardswish | conv 1x1 8 s4 | maxpool 2x2"));

/// The largest error over the largest value.
double relative_error(const char* line, const Target& target) {
  const Problem problem = Problem::parse(line);
  const Recipe& recipe = recipe_for(problem);
  Tensors arguments = seeded_arguments(problem, Fill::random, kSeed);
  for (auto& [name, values] : arguments)  // of one sign: what is lost adds up
    transform(values, [](double v, std::size_t) { return 1 + std::abs(v); });
  const Tensors wanted = reference(problem, arguments);
  const Tensors found =
      jit_run(problem, recipe.expand(problem, target, recipe.start(problem, target)), arguments);
  const std::string name = problem.tensors().back().name;
  const auto right = numbers_of<double>(wanted.at(name)), ours = numbers_of<double>(found.at(name));
  double error = 0, most = 0;
  for (std::size_t i = 0; i < right.size(); i++) {
    error = std::max(error, std::abs(ours[i] - right[i]));
    most = std::max(most, std::abs(right[i]));
  }
  return error / most;
}

// A sum of 22,500 values in a row errs by 30 times as much.
TEST(SumsOverALargeMap, ErrLikeShortOnes) {
  for (const Target& target : {facts(256, 16, 2, 1), facts(512, 32, 1, 2)})
    for (const char* line : {"1x150x150x8 | gap", "1x150x150x8 | dw 1x1 sums"})
      EXPECT_LT(relative_error(line, target), 1e-6) << line << ", seed " << kSeed;
}

}  // namespace
}  // namespace halcyon
