#include "schedules/recipes/extra_work.h"

#include <gtest/gtest.h>

#include "schedules/recipes/recipe.h"

namespace halcyon {
namespace {

Target with_lanes_of_8() {
  return find_target("x86-avx2", HALCYON_SOURCE_DIR "/schedules/targets");
}
ExtraWork of(const std::string& line, const std::string& steps) {
  return extra_work(Problem::parse(line), parse_schedule(steps), with_lanes_of_8());
}

TEST(ExtraWork, ChannelsAreRoundedUpToVectorsOrToTilesThatShift) {
  const double macs = 9 * 4 * 4 * 20;
  const std::string acc = "acc.update: vectorize c 8\n";
  EXPECT_DOUBLE_EQ(of("1x4x4x20 | dw 3x3", acc).tail, macs * (24.0 / 20 - 1));
  EXPECT_DOUBLE_EQ(of("1x4x4x20 | dw 3x3", "out: split c co ci 16 shift_inwards\n" + acc).tail,
                   macs * (32.0 / 20 - 1));
  EXPECT_DOUBLE_EQ(of("1x4x4x20 | dw 3x3", "out: split c co ci 16 guard_with_if\n" + acc).tail,
                   macs * (24.0 / 20 - 1));
  EXPECT_DOUBLE_EQ(of("1x4x4x16 | dw 3x3", acc).tail, 0);
}

TEST(ExtraWork, PointsAreRoundedUpToTilesButNotToBalancedOnes) {
  const std::string acc = "acc.update: vectorize c 8\n";
  EXPECT_DOUBLE_EQ(
      of("1x7x7x8 | dw 3x3", "out: split x xo xi 4\nout: split y yo yi 2 shift_inwards\n" + acc)
          .tail,
      9 * 7 * 7 * 8 * (8.0 / 7 * 8 / 7 - 1));
  EXPECT_DOUBLE_EQ(of("1x7x7x8 | pw 8",
                      "out: divide p 6 acc\nout.update0: split p po pi 6\n"
                      "acc_0.update: vectorize c 8\n")
                       .tail,
                   0);
}

TEST(ExtraWork, NarrowVectorsLeaveLanesIdle) {
  EXPECT_DOUBLE_EQ(of("1x7x7x8 | pw 4", "acc.update: vectorize c 4\n").tail, 7 * 7 * 8 * 4);
  EXPECT_DOUBLE_EQ(of("1x7x7x8 | pw 4", "").tail, 7 * 7 * 8 * 4 * 7);  // one by one
}

TEST(ExtraWork, ActivationsCostWhatTheChosenFormIsCountedWith) {
  const std::string acc = "acc.update: vectorize c 8\n";
  EXPECT_DOUBLE_EQ(of("1x7x7x8 | pw 16 gelu", acc).activation, 7 * 7 * 16 * 15);
  EXPECT_DOUBLE_EQ(of("1x7x7x8 | pw 16 gelu", "out: act gelu 2\n" + acc).activation,
                   7 * 7 * 16 * 12);
  EXPECT_DOUBLE_EQ(of("1x7x7x8 | hardswish", "").activation, 7 * 7 * 8 * 5);
  EXPECT_DOUBLE_EQ(of("1x7x7x8 | dw 3x3", acc).activation, 0);
}

TEST(ExtraWork, AChainIsTheSumOfItsOps) {
  const std::string line = "1x5x5x8 | pw 12 relu | dw 3x3";
  const ExtraWork whole = of(line, "acc1.update: vectorize c 8\nacc2.update: vectorize c 4\n");
  EXPECT_DOUBLE_EQ(whole.tail, 25 * 8 * 12 * (16.0 / 12 - 1) + 25 * 9 * 12);
  EXPECT_DOUBLE_EQ(whole.activation, 25 * 12);
}

TEST(ExtraWork, TheRecipesOfWholeTilesWasteNothing) {
  const Target target = with_lanes_of_8();
  for (const char* line : {"1x14x14x192 | pw 384 gelu", "1x28x28x128 | pw 256 g2 gelu",
                           "1x14x14x192 | dw 1x5", "1x56x56x64 | conv 2x2 128 s2"}) {
    const Problem p = Problem::parse(line);
    const Recipe& recipe = recipe_for(p);
    EXPECT_EQ(extra_work(p, recipe.expand(p, target, recipe.start(p, target)), target).tail, 0)
        << line;
  }
}

}  // namespace
}  // namespace halcyon
