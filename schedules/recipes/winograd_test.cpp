#include "schedules/recipes/winograd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "schedules/apply/jit_run.h"

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
    points.resize(std::min<std::size_t>(points.size(), 2));
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

TEST(WinogradRecipe, IsChosenWhereItWins) {
  const Target target = facts(512, 32, 1, 2 << 20);
  const auto results = [&](const char* line) {
    const Problem problem = Problem::parse(line);
    const Point p = recipe_for(problem).start(problem, target);
    return p.contains("winograd") ? p.at("winograd") : -1;
  };
  EXPECT_EQ(results("1x56x56x64 | conv 3x3 64 relu"), 4);
  EXPECT_EQ(results("1x28x28x128 | conv 3x3 128 relu"), 4);
  EXPECT_EQ(results("1x56x56x3 | conv 3x3 64 relu"), 0);   // transforms would outweigh it
  EXPECT_EQ(results("1x7x7x512 | conv 3x3 512 relu"), 0);  // weights would
  for (const char* line :
       {"1x56x56x64 | conv 3x3 64 s2", "1x56x56x64 | conv 1x1 64", "1x56x56x64 | conv 3x3 64 g2",
        "i8 1x56x56x64 | conv 3x3 64", "1x56x56x64 | conv 3x3 64 | pw 64"})
    EXPECT_EQ(results(line), -1) << line;
}

}  // namespace
}  // namespace halcyon
