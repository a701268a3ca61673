#include "suites/cases/goals.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "suites/cases/class_of.h"
#include "suites/cases/suite.h"

namespace halcyon {
namespace {

Record timed(const std::string& kernel_class, double percent, bool odd = false) {
  Record r;
  r.kernel_class = kernel_class;
  r.odd = odd;
  r.outcome = Outcome::ok;
  r.statistics = Statistics{.median_ns = 100, .percent_of_peak = percent};
  r.bound = Bound{.memory_ns = 80};
  return r;
}

TEST(Goals, AreOfClassesThatExist) {
  const auto names = class_names();
  for (const auto& goal : read_goals(HALCYON_SOURCE_DIR "/suites/goals.json"))
    EXPECT_NE(std::find(names.begin(), names.end(), goal.kernel_class), names.end())
        << goal.kernel_class;
  for (const auto& goal : read_count_goals(HALCYON_SOURCE_DIR "/suites/goals.json"))
    for (const auto& name : goal.classes)
      EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
}

TEST(Goals, OfCountsAreReachedByTheMedianOfTheirCases) {
  const auto counted = [](const std::string& problem, std::int64_t instructions, bool odd = false) {
    Record r;
    r.kernel_class = "pointwise";
    r.problem = problem;
    r.macs = 400;
    r.odd = odd;
    r.counts = Counts{.fmla = instructions};
    return r;
  };
  Document d;
  d.records = {counted("1x4x4x64 | pw 8", 300),       counted("1x4x4x80 | pw 8", 120),
               counted("1x4x4x96 | pw 8", 140),       counted("1x4x4x63 | pw 8", 900),
               counted("1x4x4x64 | pw 8", 900, true), timed("pointwise", 50)};
  const CountGoal goal{.name = "a", .classes = {"pointwise"}, .least_k = 64, .at_most = 1.35};
  const auto reached = goals_reached(d, {goal, {.name = "b", .classes = {"linear"}}});
  ASSERT_EQ(reached.size(), 1u);  // nothing is said of what was not run
  EXPECT_EQ(reached[0].reached, 1.4);
  EXPECT_EQ(reached[0].cases, 3);
  EXPECT_NEAR(reached[0].excess(), 0.05, 1e-12);
}

TEST(Goals, AreReachedByTheGeometricMeanOfNetworkCasesAlone) {
  Document d;
  d.records = {timed("pointwise", 50), timed("pointwise", 98), timed("pointwise", 1, true),
               timed("linear", 7)};
  EXPECT_NEAR(*percent_reached(d, {.kernel_class = "pointwise"}), 70, 1e-9);
  EXPECT_NEAR(*percent_reached(d, {.kernel_class = "linear", .of_bandwidth = true}), 80, 1e-9);
  EXPECT_FALSE(percent_reached(d, {.kernel_class = "dense conv"}).has_value());
}

TEST(Goals, ATableSaysWhatFallsShort) {
  Document d;
  d.records = {timed("pointwise", 50)};
  const std::string table =
      goals_table(d, {{.kernel_class = "pointwise", .avx2 = 90}, {.kernel_class = "linear"}});
  EXPECT_NE(table.find("40 short"), std::string::npos) << table;
  EXPECT_NE(table.find("1 classes fall short"), std::string::npos) << table;
}

TEST(Goals, ATableSaysWhoseSchedulesItsFiguresAreOf) {
  Document d;
  d.records = {timed("pointwise", 50), timed("pointwise", 60), timed("pointwise", 70),
               timed("pointwise", 1, true), timed("pointwise", 1)};
  for (Record& r : d.records) r.schedule_source = "tuned";
  d.records[0].schedule_source = "recipe";
  d.records[4].rival = "recipe";
  const std::string table = goals_table(d, {{.kernel_class = "pointwise", .avx2 = 90}});
  EXPECT_NE(table.find("schedules by source: recipe 1, tuned 2\n"), std::string::npos) << table;
}

}  // namespace
}  // namespace halcyon
