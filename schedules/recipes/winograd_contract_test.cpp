// Winograd's tiles under Halide: whatever the knobs, the answer stays, and how exact it is.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "schedules/apply/jit_run.h"
#include "schedules/recipes/winograd.h"

namespace halcyon {
namespace {

constexpr unsigned kSeed = 20261130;

Target facts(int bits, int registers, int threads, std::int64_t l2_bytes) {
  Target t;
  t.threads = threads;
  t.vector_bits = bits;
  t.vector_registers = registers;
  t.fma_per_cycle = 2;
  t.l2_bytes = l2_bytes;
  t.memory_operands = true;
  return t;
}

class ByTiles : public testing::TestWithParam<const char*> {};

// Catches a band that misses a row, a block of channels that ends early, a tile that leaves its
// band, and on two threads a loop that cannot be shared.
TEST_P(ByTiles, KnobsKeepTheAnswer) {
  const Problem problem = Problem::parse(GetParam());
  const Recipe& recipe = recipe_for(problem);
  std::mt19937 random(kSeed);
  for (const Target& target : {facts(256, 16, 1, 1 << 20), facts(512, 32, 2, 1024)}) {
    std::vector<Point> points = all_points(recipe, problem, target);
    std::erase_if(points, [](const Point& p) { return !is_by_tiles(p); });
    ASSERT_FALSE(points.empty());
    std::shuffle(points.begin(), points.end(), random);
    points.resize(1);
    for (const Point& p : recipe.others(problem, target))
      if (is_by_tiles(p)) points.push_back(p);
    for (const Point& p : points)
      EXPECT_EQ(jit_mismatch(GetParam(), to_text(recipe.expand(problem, target, p))), "")
          << to_text(p) << ", seed " << kSeed;
  }
}
INSTANTIATE_TEST_SUITE_P(Lines, ByTiles,
                         testing::Values("1x1x1x3 | conv 3x3 5 relu",           // one pixel
                                         "1x12x8x16 | conv 3x3 32 relu",        // whole tiles
                                         "1x9x13x19 | conv 3x3 21 silu add",    // odd
                                         "1x7x7x20 | conv 3x3 20 relu skip",    //
                                         "1x11x6x5 | conv 3x3 7 p0",            // not padded
                                         "2x10x5x3 | conv 3x3 9 p1,0,0,1 add",  // on two sides
                                         "1x14x17x8 | conv 3x3 40 gelu sums"));

/// The root of the mean squared error of a schedule's result, and the largest error.
std::pair<double, double> errors(const Problem& problem, const Schedule& schedule, Fill kind) {
  const Tensors arguments = seeded_arguments(problem, kind, kSeed);
  const std::string name = problem.tensors().back().name;
  const auto right = numbers_of<double>(reference(problem, arguments).at(name)),
             found = numbers_of<double>(jit_run(problem, schedule, arguments).at(name));
  double squares = 0, most = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    squares += (found[i] - right[i]) * (found[i] - right[i]);
    most = std::max(most, std::abs(found[i] - right[i]));
  }
  return {std::sqrt(squares / static_cast<double>(right.size())), most};
}

// What language/winograd.h states. Tiles at the points 1 and 2 err by twice as much.
TEST(WinogradError, IsAFewTimesThatOfTheSumAsItStands) {
  const Target target = facts(256, 16, 1, 1 << 20);
  for (const char* line : {"1x16x16x5 | conv 3x3 8", "1x16x16x64 | conv 3x3 16"}) {
    const Problem problem = Problem::parse(line);
    const Recipe& recipe = recipe_for(problem);
    for (Fill kind : {Fill::random, Fill::adversarial}) {
      const auto [mean, most] = errors(problem, {}, kind);
      for (const Point& p : recipe.others(problem, target)) {
        if (!is_by_tiles(p)) continue;
        const auto [own_mean, own_most] = errors(problem, recipe.expand(problem, target, p), kind);
        const double allowed = p.at("winograd") == 2 ? 2 : 6;
        EXPECT_LE(own_mean, allowed * mean) << line << " " << to_text(p) << ", seed " << kSeed;
        EXPECT_LE(own_most, allowed * most) << line << " " << to_text(p) << ", seed " << kSeed;
      }
    }
  }
}

}  // namespace
}  // namespace halcyon
