#include "autotune/space/space.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "autotune/space/sample_space.h"

namespace halcyon {
namespace {

std::vector<Point> points_of(const Space& space, const std::vector<std::size_t>& numbers) {
  std::vector<Point> points;
  for (std::size_t n : numbers) points.push_back(space.point(n));
  return points;
}

TEST(Space, NeighboursDifferByOneStepOfOneKnob) {
  const Space space = sample_space();  // a 1 2 4 8 times b 0 1, product of tiles at most 8
  const auto beside = points_of(space, space.neighbours(*space.find({{"a", 2}, {"b", 2}})));
  const std::vector<Point> expected = {
      {{"a", 1}, {"b", 2}}, {{"a", 4}, {"b", 2}}, {{"a", 2}, {"b", 1}}, {{"a", 2}, {"b", 4}}};
  EXPECT_EQ(std::set(beside.begin(), beside.end()), std::set(expected.begin(), expected.end()));
}

TEST(Space, AStepThatDoesNotFitTakesAnotherKnobAlong) {
  const Space space = sample_space();
  // 8 x 1 is full: b = 2 only fits beside a smaller a.
  const auto beside = points_of(space, space.neighbours(*space.find({{"a", 8}, {"b", 1}})));
  EXPECT_NE(std::find(beside.begin(), beside.end(), Point{{"a", 4}, {"b", 2}}), beside.end());
}

TEST(Space, EveryPointCanBeReachedFromTheStart) {
  for (const char* line : {"1x14x14x32 | pw 64 hardswish", "1x14x14x32 | dw 3x3 relu",
                           "1x8x8x16 | pw 32 relu | dw 3x3 relu | pw 16 skip"}) {
    const Space space = space_of(Problem::parse(line), sample_target());
    std::set<std::size_t> seen = {space.start()};
    std::vector<std::size_t> edge = {space.start()};
    while (!edge.empty()) {
      const std::size_t from = edge.back();
      edge.pop_back();
      for (std::size_t to : space.neighbours(from))
        if (seen.insert(to).second) edge.push_back(to);
    }
    EXPECT_EQ(seen.size(), space.size()) << line;
  }
}

TEST(Space, NearestSnapsEachKnobByRatioAndStaysWithinTheSpace) {
  const Space space = sample_space();
  EXPECT_EQ(space.point(space.nearest({{"a", 3}, {"b", 2}})), (Point{{"a", 4}, {"b", 2}}));
  EXPECT_EQ(space.point(space.nearest({{"a", 8}, {"b", 8}})).at("a") *
                space.point(space.nearest({{"a", 8}, {"b", 8}})).at("b"),
            8);
  EXPECT_EQ(space.nearest({{"another", 3}}), space.start());
}

TEST(Space, OtherStartsAreItsNearestPointsEachOnce) {
  const Space plain = sample_space();
  std::vector<Point> points;
  for (std::size_t i = 0; i < plain.size(); i++) points.push_back(plain.point(i));
  const Space space(plain.knobs(), points, {{"a", 2}, {"b", 2}},
                    {{{"a", 9}, {"b", 1}}, {{"a", 2}, {"b", 2}}, {{"a", 8}, {"b", 1}}, {{"a", 1}}});
  EXPECT_EQ(points_of(space, space.others()),
            (std::vector<Point>{{{"a", 8}, {"b", 1}}, {{"a", 1}, {"b", 2}}}));
}

TEST(Space, AStartOutsideIsABug) {
  EXPECT_THROW(Space({{"a", {1}, ""}}, {{{"a", 1}}}, {{"a", 2}}), std::logic_error);
}

}  // namespace
}  // namespace halcyon
