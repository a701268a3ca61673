// Strategies on spaces that were measured before: the figures that the default was chosen by.
#include "autotune/replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "autotune/space/sample_space.h"
#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "results/files/temporary_folder.h"
#include "results/table/replay.h"

namespace halcyon {
namespace {

MeasuredSpace sample_measured() {
  MeasuredSpace m{"1x1x1x8 | relu", "x86-avx2", "ns", sample_space(), {}};
  for (std::size_t i = 0; i < m.space.size(); i++) {
    const Point& p = m.space.point(i);
    m.figures.push_back(100.0 + p.at("a") - 3 * p.at("b"));
  }
  m.figures[1] = std::nullopt;
  return m;
}

TEST(MeasuredSpaces, ReadBackFromTheirText) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/space.json";
  const MeasuredSpace m = sample_measured();
  std::ofstream(path) << to_text(m);
  const MeasuredSpace read = read_measured_spaces(path).at(0);
  EXPECT_EQ(to_text(read), to_text(m));
  EXPECT_EQ(read.figures, m.figures);
  EXPECT_EQ(read.space.start(), m.space.start());
  EXPECT_EQ(read.optimum(), 77);
}

TEST(MeasuredSpaces, DamagedOnesAreRefusedWithThePlace) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/space.json", good = to_text(sample_measured());
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    std::ofstream(path, std::ios::trunc) << text;
    return refusal_of([&] { read_measured_spaces(path); }, Exit::data);
  };
  EXPECT_NE(refused("[1,1,98.0]", "[1,1,-98.0]").find("row 1: expected a positive"),
            std::string::npos);
  EXPECT_NE(refused("[1,1,98.0]", "[1]").find("row 1: expected a value"), std::string::npos);
  EXPECT_NE(refused("[1,1,98.0]", "[3,1,98.0]").find("knob a has no value 3"), std::string::npos);
  EXPECT_NE(refused("\"start\":[2,2]", "\"start\":[2,1]").find("start: has no figure"),
            std::string::npos);
  EXPECT_NE(refused("\"unit\"", "\"unite\"").find("unit"), std::string::npos);
}

TEST(Replay, CountsTrialsUntilAShareOfTheOptimum) {
  const Replayed r = replay_all(strategy_kind("exhaustive"), sample_measured(), 3);
  // The start (96), then in order: 98, none, 101, 105, 95, 98, 89, 90, 77.
  EXPECT_EQ(r.to95.median, 10);
  EXPECT_EQ(r.to99.p90, 10);
}

TEST(Replay, KeepsOfEverySeedWhatItHadReachedByEachTrial) {
  const Replayed r = replay_all(strategy_kind("exhaustive"), sample_measured(), 3);
  ASSERT_EQ(r.reached.size(), 3u);
  const auto near = [](double a, double b) { return std::abs(a - b) < 1e-9; };
  // Figures as above, 77 being the optimum: a trial without one leaves things as they were.
  const std::vector<double> figures = {96, 96, 96, 96, 96, 95, 95, 89, 89, 77};
  std::vector<double> expected;
  for (double best : figures) expected.push_back(7700 / best);
  for (const auto& seed : r.reached)
    EXPECT_TRUE(std::equal(seed.begin(), seed.end(), expected.begin(), expected.end(), near));
  EXPECT_EQ(r.to99.median, 10) << "the same trials as the table counts";
}

TEST(Replay, OfASpaceTellsEveryPointAndStrategyAndNothingElse) {
  const MeasuredSpace m = sample_measured();
  const ReplayedSpace s = replay_strategies(m);
  EXPECT_EQ(s.problem, m.problem);
  EXPECT_EQ(s.knobs, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(s.points.size(), m.space.size());
  for (std::size_t i = 0; i < s.points.size(); i++) {
    EXPECT_EQ(s.points[i].figure, m.figures[i]);
    EXPECT_EQ(s.points[i].values,
              (std::vector<int>{m.space.point(i).at("a"), m.space.point(i).at("b")}));
  }
  EXPECT_EQ(s.points[s.start].figure, 96);
  EXPECT_EQ(s.optimum, 77);
  ASSERT_EQ(s.by_strategy.size(), strategy_kinds().size());
  for (const Replayed& r : s.by_strategy) {
    EXPECT_EQ(r.reached.size(), 20u) << r.strategy;
    for (const auto& seed : r.reached) {
      EXPECT_TRUE(std::is_sorted(seed.begin(), seed.end()));
      EXPECT_GE(seed.back(), 99) << "a whole space is never missed";
    }
  }
}

TEST(Replay, EndsWithTheBatchThatIsNearEnough) {
  const auto seen = [](std::optional<double> until) {
    return replay(strategy_kind("exhaustive"), sample_measured(), 1, 400, until);
  };
  EXPECT_EQ(seen({}).size(), sample_measured().space.size());
  EXPECT_EQ(seen(0.8).size(), 1u);  // the start, 96: less than 77 / 0.8
  EXPECT_GT(seen(0.81).size(), 1u);
}

TEST(Replay, TheTableNamesEveryStrategyAndTheSpace) {
  const std::vector<ReplayedSpace> one = {replay_strategies(sample_measured())};
  for (const StrategyKind* kind : strategy_kinds())
    EXPECT_NE(replay_table(one).find(kind->name), std::string::npos) << kind->name;
  EXPECT_NE(replay_table(one).find("1 without a figure; the start takes 1.25"), std::string::npos)
      << replay_table(one);
  EXPECT_EQ(replay_json(one)[0].at("strategies").at("exhaustive").at("trials_to_95_median"), 10);
  EXPECT_NE(replay_table({one[0], one[0]}).find("medians of all 2 spaces"), std::string::npos);
}

}  // namespace
}  // namespace halcyon
