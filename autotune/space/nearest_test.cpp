#include "autotune/space/nearest.h"

#include <gtest/gtest.h>

#include <cmath>

namespace halcyon {
namespace {

TEST(Nearest, LikeShapesComeFirstAndOtherOpsNever) {
  const std::vector<KnownPoint> known = {{"1x7x7x960 | pw 160", {{"far", 1}}},
                                         {"1x14x14x96 | pw 192", {{"near", 1}}},
                                         {"1x14x14x80 | dw 3x3", {{"other", 1}}},
                                         {"1x14x14x80 | pw 160 | pw 80", {{"chain", 1}}},
                                         {"1x14x14x80 | pw 160", {{"itself", 1}}}};
  const auto points = points_of_nearest(Problem::parse("1x14x14x80 | pw 160"), known, 2);
  EXPECT_EQ(points, (std::vector<Point>{{{"near", 1}}, {{"far", 1}}}));
}

TEST(Nearest, OfTwoAsNearTheLaterIsTaken) {
  const std::vector<KnownPoint> known = {{"1x14x14x96 | pw 192", {{"old", 1}}},
                                         {"1x14x14x96 | pw 192", {{"new", 1}}}};
  EXPECT_EQ(points_of_nearest(Problem::parse("1x14x14x80 | pw 160"), known, 1),
            (std::vector<Point>{{{"new", 1}}}));
}

TEST(Nearest, UnlikenessCountsRatios) {
  const auto of = [](const char* a, const char* b) {
    return unlikeness(Problem::parse(a), Problem::parse(b));
  };
  EXPECT_EQ(of("1x8x8x8 | pw 8", "1x8x8x8 | pw 8 relu"), 0);
  EXPECT_EQ(of("1x8x8x8 | pw 8", "1x8x8x8 | pw 32"), 2);
  EXPECT_GT(of("1x8x8x8 | dw 3x3", "1x8x8x8 | dw 5x5"), 0);
  EXPECT_EQ(of("1x8x8x8 | pw 8", "1x8x8x8 | dw 3x3"), INFINITY);
}

}  // namespace
}  // namespace halcyon
