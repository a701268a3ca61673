#include "schedules/recipes/sweep.h"

#include <gtest/gtest.h>

#include "kernels/error.h"
#include "kernels/for_tests.h"

namespace halcyon {
namespace {

const Problem kProblem = Problem::parse("1x1x1x8 | relu");

/// A space of 4 x 3 points where b = 3 fits beside a = 4 only.
const Recipe kRecipe{
    .name = "made up",
    .knobs = [](const Problem&, const Target&) -> std::vector<Knob> {
      return {{"a", {1, 2, 3, 4}, ""}, {"b", {1, 2, 3}, ""}};
    },
    .fits = [](const Problem&, const Target&,
               const Point& p) { return p.at("b") < 3 || p.at("a") == 4; },
    .start = [](const Problem&, const Target&) -> Point {
      return {{"a", 1}, {"b", 1}};
    },
    .others = [](const Problem&, const Target&) -> std::vector<Point> {
      return {{{"a", 4}, {"b", 3}}};
    },
    .expand = [](const Problem&, const Target&, const Point&) -> Schedule { return {}; }};

bool shows(const std::vector<Point>& points, const std::string& knob, int value) {
  for (const auto& p : points)
    if (p.at(knob) == value) return true;
  return false;
}

TEST(Sweep, ShowsEveryValueOfEveryKnobAlsoOneThatFitsOnlyBesideAnother) {
  const auto points = sweep_points(kRecipe, kProblem, {}, 1);
  for (int a : {1, 2, 3, 4}) EXPECT_TRUE(shows(points, "a", a)) << a;
  for (int b : {1, 2, 3}) EXPECT_TRUE(shows(points, "b", b)) << b;
}

TEST(Sweep, BeginsWithTheStartAndHasOnlyPointsThatFitEachOnce) {
  const auto points = sweep_points(kRecipe, kProblem, {}, 1);
  EXPECT_EQ(points.front(), kRecipe.start(kProblem, {}));
  for (std::size_t i = 0; i < points.size(); i++) {
    EXPECT_TRUE(kRecipe.fits(kProblem, {}, points[i])) << to_text(points[i]);
    for (std::size_t k = 0; k < i; k++) EXPECT_NE(points[i], points[k]);
  }
}

TEST(Sweep, GoesOnWithWhatTheRecipeNamesBeside) {
  EXPECT_EQ(sweep_points(kRecipe, kProblem, {}, 1)[1], (Point{{"a", 4}, {"b", 3}}));
}

TEST(Sweep, IsTheSameForTheSameSeed) {
  EXPECT_EQ(sweep_points(kRecipe, kProblem, {}, 7), sweep_points(kRecipe, kProblem, {}, 7));
}

TEST(ParsePoint, ReadsWhatToTextWrites) {
  const Point p = {{"a", 4}, {"b", 3}};
  EXPECT_EQ(parse_point(to_text(p), kRecipe, kProblem, {}), p);
}

TEST(ParsePoint, NamesTheWordThatIsWrongAndWhatIsAllowed) {
  const auto message = [](const std::string& text) -> std::string {
    return refusal_of([&] { parse_point(text, kRecipe, kProblem, {}); });
  };
  EXPECT_EQ(message("a=1 c=2"),
            "--point 'a=1 c=2': 'c=2' is not <knob>=<value>; knobs are a=1 b=1");
  EXPECT_EQ(message("a=9 b=1"), "--point 'a=9 b=1': 'a' has no value 9");
  EXPECT_EQ(message("a=1"), "--point 'a=1': wants every knob, as in 'a=1 b=1'");
  EXPECT_EQ(message("a=1 b=3"), "--point 'a=1 b=3': does not fit this problem");
}

}  // namespace
}  // namespace halcyon
