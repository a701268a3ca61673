#include "schedules/recipes/recipe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "schedules/recipes/op_recipe.h"
#include "schedules/recipes/placement.h"
#include "schedules/recipes/sharing.h"
#include "schedules/recipes/tile.h"

namespace halcyon {
namespace {

constexpr unsigned kSeed = 20261124;

Target facts(const char* name, int bits, int registers, double fma_per_cycle, int threads = 1) {
  Target t;
  t.threads = threads;
  t.name = name;
  t.vector_bits = bits;
  t.vector_registers = registers;
  t.fma_per_cycle = fma_per_cycle;
  t.l1d_bytes = 32 << 10;
  t.l2_bytes = 512 << 10;
  return t;
}

const std::vector<Target>& targets() {
  static const std::vector<Target> all = {facts("avx2", 256, 16, 2), facts("avx512", 512, 32, 2),
                                          facts("zen4", 512, 32, 1), facts("neon", 128, 32, 2),
                                          facts("avx2_2_threads", 256, 16, 2, 2)};
  return all;
}

/// Every word and form of its attributes, ordinary and odd; then chains.
const std::vector<std::string>& lines() {
  static const std::vector<std::string> all = {
      "1x28x28x120 | dw 5x5 relu",
      "1x14x14x480 | dw 3x3 hardswish sums",
      "1x112x112x64 | dw 3x3 s2",
      "1x14x14x192 | dw 1x5",
      "1x14x14x192 | dw 5x1",
      "1x1x1x3 | dw 7x7",
      "2x9x7x20 | dw 5x5 s2 p1,2,2,1",
      "1x17x3x1 | dw 15x15 d2 p28",
      "1x14x14x192 | pw 384 gelu",
      "1x7x7x960 | pw 160 add",
      "1x28x28x40 | pw 120 relu",
      "1x28x28x128 | pw 256 g2 gelu",
      "2x5x7x13 | pw 31 hardswish",
      "1x1x1x17 | pw 19",
      "1x5x3x18 | pw 27 g3 gelu",
      "1x4x4x6 | pw 6 g6",
      "1x224x224x3 | conv 3x3 32 s2 relu",
      "1x56x56x64 | conv 3x3 64",
      "1x56x56x64 | conv 2x2 128 s2",
      "2x7x7x12 | conv 4x4 10 p1,2,2,1 g2",
      "1x1x1x1 | conv 1x1 1",
      "1x1x1x1024 | linear 1000",
      "2x1x1x37 | linear 11 gelu",
      "1x112x112x64 | maxpool 3x3 s2",
      "1x9x7x5 | maxpool 2x2 s2",
      "1x7x7x384 | gap",
      "2x5x3x13 | gap",
      "1x56x56x64 | s2d 2",
      "2x6x9x5 | s2d 3",
      "1x14x14x128 | upsample2x",
      "1x1x1x3 | upsample2x",
      "4x16x16x192 | tokensum",
      "1x7x7x1152 | se 48 silu sigmoid",
      "2x5x3x10 | se 3 silu sigmoid",
      "1x112x112x16 | hardswish",
      "2x3x5x13 | scale gelu add",
      "1x14x14x192 | dw 3x3 | pw 384 gelu | pw 192 skip",
      "1x112x112x16 | pw 64 relu | dw 3x3 s2 relu | pw 24",
      "1x7x7x160 | pw 960 hardswish | dw 5x5 hardswish | se 240 relu hardsigmoid | pw 160 skip",
      "1x56x56x64 | s2d 2 | pw 128",
      "1x9x5x6 | pw 18 silu | dw 3x3 d2 silu sums | pw 6 skip",
      "2x5x7x10 | pw 22 hardswish | dw 5x5 s2 hardswish | se 6 relu hardsigmoid | pw 9",
      "1x1x1x8 | dw 3x3 | pw 16 g2 relu | pw 8 skip",
  };
  return all;
}

struct Case {
  std::string line;
  Target target;
};
std::vector<Case> cases() {
  std::vector<Case> all;
  for (const std::string& line : lines())
    for (const Target& t : targets()) all.push_back({line, t});
  return all;
}

class EveryRecipe : public testing::TestWithParam<Case> {
 protected:
  const Problem problem = Problem::parse(GetParam().line);
  const Target& target = GetParam().target;
  const Recipe& recipe = recipe_for(problem);
};
INSTANTIATE_TEST_SUITE_P(Lines, EveryRecipe, testing::ValuesIn(cases()), [](const auto& tested) {
  std::string name = tested.param.target.name + "_" + tested.param.line;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !isalnum(c); }, '_');
  return name;
});

TEST_P(EveryRecipe, StartFitsAndNamesEveryKnob) {
  const Point start = recipe.start(problem, target);
  EXPECT_TRUE(recipe.fits(problem, target, start)) << to_text(start);
  std::set<std::string> named, knobs;
  for (const auto& [name, value] : start) named.insert(name);
  for (const Knob& knob : recipe.knobs(problem, target)) {
    EXPECT_TRUE(knobs.insert(knob.name).second) << knob.name << " stands twice";
    EXPECT_TRUE(std::count(knob.values.begin(), knob.values.end(), start.at(knob.name)))
        << knob.name << "=" << start.at(knob.name) << " is no value of its knob";
    EXPECT_FALSE(knob.help.empty());
  }
  EXPECT_EQ(named, knobs);
}

// A value that no point has would be a promise that no sweep and no search can keep. And the space
// is to be searched on one machine, at 0.1 to 0.5 s a compilation.
TEST_P(EveryRecipe, EveryValueOfEveryKnobAppearsInASmallSpace) {
  std::set<std::pair<std::string, int>> missing;
  for (const Knob& knob : recipe.knobs(problem, target)) {
    ASSERT_FALSE(knob.values.empty()) << knob.name;
    const std::set<int> distinct(knob.values.begin(), knob.values.end());
    EXPECT_EQ(distinct.size(), knob.values.size()) << knob.name << " has a value twice";
    for (int value : knob.values) missing.insert({knob.name, value});
  }
  const std::vector<Point> points = all_points(recipe, problem, target);
  EXPECT_LE(points.size(), (problem.ops().size() == 1 ? 2000u : 20000u) * target.threads);
  for (const Point& point : points)
    for (const auto& choice : point) missing.erase(choice);
  for (const auto& [name, value] : missing) ADD_FAILURE() << name << "=" << value;
}

TEST_P(EveryRecipe, PointsExpandToValidSteps) {
  const std::vector<Knob> knobs = recipe.knobs(problem, target);
  std::mt19937 random(kSeed);
  Point point = recipe.start(problem, target);
  for (int draw = 0; draw < 20; ++draw) {
    if (recipe.fits(problem, target, point)) {
      const Schedule schedule = recipe.expand(problem, target, point);
      EXPECT_NO_THROW(check_schedule(schedule)) << to_text(point) << ", seed " << kSeed;
      EXPECT_EQ(parse_schedule(to_text(schedule)), schedule);
    }
    for (const Knob& knob : knobs) point[knob.name] = knob.values[random() % knob.values.size()];
  }
}

// Catches a recipe that looks at what a target is called.
TEST_P(EveryRecipe, OnlyFactsOfTheTargetCount) {
  Target other = target;
  other.name = other.family = other.isa = other.halide = "other";
  const Point start = recipe.start(problem, target);
  EXPECT_EQ(recipe.start(problem, other), start);
  EXPECT_EQ(recipe.expand(problem, other, start), recipe.expand(problem, target, start));
}

/// "out parallel po": steps that share a loop out.
std::vector<std::string> shared_loops(const Schedule& schedule) {
  std::vector<std::string> shared;
  for (const Step& step : schedule)
    if (step.op == "parallel") shared.push_back(to_text(step));
  return shared;
}

Point without_sharing(Point point) {
  point.erase("parallel");
  return point;
}

TEST_P(EveryRecipe, OneThreadSharesNothingAndHasNoKnobForIt) {
  Target one = target;
  one.threads = 1;
  for (const Knob& knob : recipe.knobs(problem, one)) EXPECT_NE(knob.name, "parallel");
  EXPECT_TRUE(shared_loops(recipe.expand(problem, one, recipe.start(problem, one))).empty());
}

// All else being equal, threads change nothing but the steps that share loops out (and bands that
// slide, which then slide in runs).
TEST_P(EveryRecipe, WithoutSharingSeveralThreadsHaveTheStepsOfOne) {
  Target one = target, two = target;
  one.threads = 1;
  two.threads = 2;
  Point point = recipe.start(problem, two);
  point["parallel"] = 0;
  const Schedule schedule = recipe.expand(problem, two, point);
  EXPECT_EQ(schedule, recipe.expand(problem, one, without_sharing(point)));
  EXPECT_TRUE(shared_loops(schedule).empty());
}

// Each nest once, and only loops that are there.
TEST_P(EveryRecipe, SharingAddsOneStepToANest) {
  Target two = target;
  two.threads = 2;
  Point point = recipe.start(problem, two);
  const auto knobs = recipe.knobs(problem, two);
  ASSERT_EQ(knobs.back().name, "parallel");
  point["parallel"] = knobs.back().values.back();
  std::set<std::string> stages;
  for (const std::string& line : shared_loops(recipe.expand(problem, two, point)))
    EXPECT_TRUE(stages.insert(line.substr(0, line.find(':'))).second) << line;
  EXPECT_EQ(stages.empty(), point["parallel"] == 0);
}

std::string knob_names(const std::string& line) {
  const Problem problem = Problem::parse(line);
  const Recipe& recipe = recipe_for(problem);
  std::string names = recipe.name + ":";
  for (const Knob& knob : recipe.knobs(problem, targets()[0])) names += " " + knob.name;
  return names;
}

// Records and tuned schedules hold these names.
TEST(Recipe, OtherStartsFitAndAreNotTheStart) {
  for (const Target& target : targets())
    for (const std::string& line : lines()) {
      const Problem problem = Problem::parse(line);
      const Recipe& recipe = recipe_for(problem);
      std::set<Point> seen = {recipe.start(problem, target)};
      for (const Point& other : recipe.others(problem, target)) {
        EXPECT_TRUE(recipe.fits(problem, target, other)) << line << ": " << to_text(other);
        EXPECT_TRUE(seen.insert(other).second) << line << ": " << to_text(other) << " twice";
      }
    }
}

TEST(Recipe, KnobNamesAreStable) {
  EXPECT_EQ(knob_names("1x8x8x32 | pw 64"), "pw: tile_p tile_c lanes order unroll_k ahead");
  EXPECT_EQ(knob_names("1x1x1x32 | linear 64"), "linear: tile_p tile_c lanes order unroll_k ahead");
  EXPECT_EQ(knob_names("1x8x8x32 | conv 3x3 64 s2"),
            "conv: tile_x tile_c lanes order unroll_k unroll_kx ahead pad");
  EXPECT_EQ(knob_names("1x8x8x32 | conv 3x3 64"),
            "conv: tile_x tile_c lanes order unroll_k unroll_kx ahead pad winograd band");
  EXPECT_EQ(knob_names("1x8x8x32 | dw 3x3"),
            "dw: tile_x tile_y tile_c lanes order taps unroll_x pad");
  EXPECT_EQ(knob_names("1x8x8x32 | maxpool 3x3"),
            "maxpool: tile_x tile_y tile_c lanes order taps unroll_x pad");
  EXPECT_EQ(knob_names("1x8x8x32 | gap"), "gap: tile_c lanes");
  EXPECT_EQ(knob_names("1x8x8x32 | tokensum"), "tokensum: tile_c lanes");
  EXPECT_EQ(knob_names("1x8x8x32 | s2d 2"), "s2d: tile_c lanes tile_x");
  EXPECT_EQ(knob_names("1x8x8x32 | upsample2x"), "upsample2x: tile_c lanes tile_x");
  EXPECT_EQ(knob_names("1x8x8x32 | se 8 relu sigmoid"), "se: tile_c lanes panel unroll_k");
  EXPECT_EQ(knob_names("1x8x8x32 | gelu"), "map: tile_c lanes tile_p");
  EXPECT_EQ(knob_names("1x8x8x32 | s2d 2 | pw 64"),
            "chain: 1.tile_c 1.lanes 1.tile_x 1.place 2.tile_p 2.tile_c 2.lanes 2.order "
            "2.unroll_k 2.ahead rows");
}

TEST(Recipe, PointsComeInOdometerOrderFirstKnobFastest) {
  const Problem problem = Problem::parse("1x4x4x8 | gelu");
  const Recipe& recipe = recipe_for(problem);
  const auto points = all_points(recipe, problem, targets()[0]);
  ASSERT_GT(points.size(), 1u);
  const auto knobs = recipe.knobs(problem, targets()[0]);
  const auto index = [&](const Point& p) {
    std::size_t at = 0, weight = 1;
    for (const Knob& k : knobs) {
      const auto found = std::find(k.values.begin(), k.values.end(), p.at(k.name));
      at += weight * static_cast<std::size_t>(found - k.values.begin());
      weight *= k.values.size();
    }
    return at;
  };
  for (std::size_t i = 1; i < points.size(); ++i) EXPECT_LT(index(points[i - 1]), index(points[i]));
}

TEST(Recipe, ReadsAsTheCommandLineWritesIt) {
  EXPECT_EQ(to_text(Point{{"tile_p", 6}, {"tile_c", 16}}), "tile_c=16 tile_p=6");
}

// The rule of the prototypes: 6x16 or 4x24 on AVX2.
TEST(RegisterTile, AnalyticStartIsTheMeasuredRule) {
  const auto start = [](const char* line, int target) {
    const Problem problem = Problem::parse(line);
    Point p = recipe_for(problem).start(problem, targets()[target]);
    return std::pair(p.at("tile_p"), p.at("tile_c"));
  };
  EXPECT_EQ(start("1x112x112x16 | pw 64", 0), std::pair(6, 16));
  EXPECT_EQ(start("1x28x28x40 | pw 120", 0), std::pair(4, 24));
  EXPECT_EQ(start("1x56x56x72 | pw 24", 0), std::pair(4, 24));
}

// 3 x 32 and 7 x 16 spill on AVX2: half the speed.
TEST(RegisterTile, NeverAsksForMoreRegistersThanThereAre) {
  const Product product{.points = 100, .channels = 64, .depth = 64, .group_channels = 64};
  EXPECT_TRUE(product_fits(targets()[0], product, {6, 16, 8}));
  EXPECT_TRUE(product_fits(targets()[0], product, {4, 24, 8}));
  EXPECT_FALSE(product_fits(targets()[0], product, {3, 32, 8}));
  EXPECT_FALSE(product_fits(targets()[0], product, {7, 16, 8}));
  EXPECT_TRUE(product_fits(targets()[1], product, {14, 32, 16}));
}

TEST(RegisterTile, DoesNotSpanTwoGroups) {
  const Product product{.points = 100, .channels = 54, .depth = 64, .group_channels = 27};
  EXPECT_TRUE(product_fits(targets()[0], product, {1, 9, 1}));
  EXPECT_FALSE(product_fits(targets()[0], product, {1, 6, 1}));
}

// Half vectors cost nothing on Zen 4, and waste nothing for 40 channels.
TEST(RegisterTile, TakesHalfVectorsWhereTheyAreFree) {
  const Problem problem = Problem::parse("1x28x28x120 | pw 40");
  EXPECT_EQ(recipe_for(problem).start(problem, targets()[2]).at("lanes"), 8);
}

/// What the start of two threads shares out, on AVX2.
std::vector<std::string> shared_at_start(const std::string& line) {
  const Problem problem = Problem::parse(line);
  const Recipe& recipe = recipe_for(problem);
  const Target& two = targets().back();
  return shared_loops(recipe.expand(problem, two, recipe.start(problem, two)));
}

TEST(Sharing, TwoThreadsSplitTheOutermostLoop) {
  using Steps = std::vector<std::string>;
  EXPECT_EQ(shared_at_start("1x28x28x128 | pw 256"),
            (Steps{"out.update0: parallel po", "out.update1: parallel po"}));
  EXPECT_EQ(shared_at_start("1x56x56x72 | dw 3x3"), Steps{"out: parallel yo"});
  EXPECT_EQ(shared_at_start("1x56x56x64 | conv 3x3 64 d2"),
            (Steps{"out.update0: parallel y", "out.update1: parallel y"}));
  EXPECT_EQ(shared_at_start("1x56x56x64 | conv 3x3 64"), Steps{"out: parallel band"});
  EXPECT_EQ(shared_at_start("1x112x112x16 | hardswish"), Steps{"out: parallel po"});
  EXPECT_EQ(shared_at_start("1x56x56x64 | s2d 2"), Steps{"out: parallel y"});
}

TEST(Sharing, BlocksOfChannelsAreSplitWherePointsAreFewOrWeightsHeavy) {
  using Steps = std::vector<std::string>;
  EXPECT_EQ(shared_at_start("1x1x1x1024 | linear 1000"), Steps{"out.update0: parallel co"});
  EXPECT_EQ(shared_at_start("1x7x7x960 | dw 3x3"), Steps{"out: parallel co"});
  EXPECT_EQ(shared_at_start("1x7x7x160 | pw 960"),
            (Steps{"out.update0: parallel co", "out.update1: parallel co"}));
}

TEST(Sharing, WhatTakesLessThanAMicrosecondStaysSerial) {
  EXPECT_TRUE(shared_at_start("1x7x7x16 | pw 24").empty());
  EXPECT_TRUE(shared_at_start("1x7x7x8 | dw 3x3").empty());
  EXPECT_TRUE(shared_at_start("1x1x1x960 | hardswish").empty());
  EXPECT_EQ(shared_at_start("1x7x7x16 | pw 24 | dw 3x3 | pw 256 | pw 256").size(), 4u)
      << "of a chain the ops that are worth it: two, in two pieces each";
}

// A band that slides keeps rows of the one before it, so a thread must have neighbours.
TEST(Sharing, BandsThatSlideAreSplitInRuns) {
  const auto shared = shared_at_start("1x112x112x16 | pw 64 relu | dw 3x3 s2 relu | pw 24");
  EXPECT_NE(std::count(shared.begin(), shared.end(), "t2: parallel run") +
                std::count(shared.begin(), shared.end(), "out: parallel run"),
            0);
}

TEST(Sharing, BalanceIsTheShareOfTimeThatIsWork) {
  EXPECT_DOUBLE_EQ(balance({{"out", "po", 4, 100}}, 2), 1);
  EXPECT_DOUBLE_EQ(balance({{"out", "po", 5, 100}}, 2), 100 / (2 * 60.0));
  EXPECT_DOUBLE_EQ(balance({{"out", "po", 1, 100}}, 2), 0.5);
  EXPECT_DOUBLE_EQ(balance({{"a", "po", 2, 100}, {"b", "po", 1, 100}}, 2), 200 / (2 * 150.0));
}

TEST(Placement, FusesOnlyWhatOutgrowsTheCache) {
  const Problem large = Problem::parse("1x112x112x16 | pw 64 relu | dw 3x3 s2 relu | pw 24");
  const Placement fused = analytic_placement(large, targets()[0]);
  EXPECT_EQ(fused.places[0], Place::sliding);
  EXPECT_TRUE(bands_are_equal(large, fused));
  const Problem small = Problem::parse("1x7x7x24 | pw 64 relu | dw 3x3 relu | pw 24");
  EXPECT_FALSE(analytic_placement(small, targets()[0]).any_fused());
}

TEST(Placement, SumsAndGlobalOpsNeedTheWholeTensor) {
  const Problem sums = Problem::parse("1x9x9x8 | pw 8 | dw 3x3 sums | pw 8");
  EXPECT_EQ(possible_places(sums, 0), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(possible_places(sums, 1), std::vector<int>{0});
  const Problem se = Problem::parse("1x9x9x8 | dw 3x3 | se 4 relu sigmoid | pw 8");
  EXPECT_EQ(possible_places(se, 0), std::vector<int>{0});
  EXPECT_EQ(possible_places(se, 1), std::vector<int>{0});
}

// Tiles shift inwards, so they must fit the smallest part that is ever computed: here the first
// band needs rows 0 and 1 of the expansion, not three.
TEST(Placement, FrameIsTheSmallestPart) {
  const Problem p = Problem::parse("1x8x8x8 | pw 8 | dw 3x3 | pw 8");
  const Placement bands{{Place::band, Place::band, Place::whole}, 1};
  EXPECT_EQ(frame_of(p, bands, 0).rows, 2);
  EXPECT_EQ(frame_of(p, bands, 1).rows, 1);
  EXPECT_EQ(frame_of(p, bands, 2).rows, 1);
  EXPECT_FALSE(frame_of(p, bands, 2).whole);
  EXPECT_EQ(bands.head(0), 2);
}

// A stride may leave the last rows and columns unread: then they are not computed either.
TEST(Placement, FrameKnowsWhatAReaderLeavesOut) {
  const Problem p = Problem::parse("1x7x9x8 | pw 8 | conv 1x1 8 s4");
  const Placement whole{{Place::whole, Place::whole}, 1};
  const Frame f = frame_of(p, whole, 0);
  EXPECT_EQ(f.rows, 5);
  EXPECT_EQ(f.columns, 9);
  EXPECT_FALSE(f.whole);
}

}  // namespace
}  // namespace halcyon
