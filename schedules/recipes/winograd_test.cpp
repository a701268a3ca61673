#include "schedules/recipes/winograd.h"

#include <gtest/gtest.h>

#include <set>

#include "schedules/recipes/sweep.h"

namespace halcyon {
namespace {

Target facts(int bits, int registers, double fma_per_cycle, std::int64_t l2_bytes) {
  Target t;
  t.vector_bits = bits;
  t.vector_registers = registers;
  t.fma_per_cycle = fma_per_cycle;
  t.l1d_bytes = 32 << 10;
  t.l2_bytes = l2_bytes;
  t.memory_operands = true;
  return t;
}

TEST(WinogradRecipe, IsChosenWhereItWins) {
  const Target target = facts(512, 32, 2, 2 << 20);
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

// Of a start that goes by no tiles they are several knobs away.
TEST(WinogradRecipe, ASweepShowsEveryForm) {
  Target target = facts(512, 32, 2, 2 << 20);
  target.prefetch_gains = true;
  for (const char* line :
       {"1x56x56x64 | conv 3x3 64", "1x7x7x512 | conv 3x3 512", "1x5x6x3 | conv 3x3 5"}) {
    const Problem problem = Problem::parse(line);
    std::set<int> forms;
    for (const Point& p : sweep_points(recipe_for(problem), problem, target, 1))
      forms.insert(p.at("winograd"));
    EXPECT_EQ(forms, (std::set<int>{0, 2, 4})) << line;
  }
}

}  // namespace
}  // namespace halcyon
