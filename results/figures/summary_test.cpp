#include "results/figures/summary.h"

#include <gtest/gtest.h>

#include <cmath>

namespace halcyon {
namespace {

Record timed(const char* kernel_class, double median_ns, double percent, std::int64_t macs = 1000) {
  Record r;
  r.kernel_class = kernel_class;
  r.macs = macs;
  r.outcome = Outcome::ok;
  r.statistics = Statistics{median_ns, median_ns, median_ns, 20, 31, 100, 1, percent};
  r.bound = Bound{50, 80, "L2", "memory"};
  return r;
}

TEST(Summary, MeansAreGeometricOverNetworkCasesWithATime) {
  Document d;
  d.records = {timed("a", 100, 40), timed("b", 100, 7), timed("a", 200, 90)};
  Record odd = timed("a", 100, 1), failed;
  odd.odd = true;
  failed.kernel_class = "a";
  failed.outcome = Outcome::wrong;
  d.records.push_back(odd);
  d.records.push_back(failed);
  const auto means = class_means(d);
  ASSERT_EQ(means.size(), 2u);
  EXPECT_EQ(means[0].kernel_class, "a");
  EXPECT_NEAR(means[0].percent, 60, 1e-9);  // sqrt(40 * 90), not 65 and not 43.7
  EXPECT_NEAR(means[0].percent_of_bound, std::sqrt(80.0 * 40.0), 1e-9);
  EXPECT_EQ(means[0].cases, 3);
  EXPECT_EQ(means[0].failed, 1);
  EXPECT_EQ(means[1].kernel_class, "b");
}

TEST(Summary, WithoutArithmeticAClassIsMeasuredByItsBound) {
  Document d;
  d.records = {timed("e", 100, 0, 0)};
  const auto means = class_means(d);
  EXPECT_EQ(means[0].percent, 0);
  EXPECT_NEAR(means[0].percent_of_bound, 80, 1e-9);
  EXPECT_NEAR(percent_reached(d.records[0]), 80, 1e-9);
}

TEST(Summary, NothingTimedGivesZeroNotNan) {
  Document d;
  d.records.emplace_back().kernel_class = "a";
  const auto means = class_means(d);
  EXPECT_EQ(means[0].percent, 0);
  EXPECT_EQ(means[0].percent_of_bound, 0);
  EXPECT_EQ(means[0].failed, 1);
  EXPECT_TRUE(class_means(Document()).empty());
}

TEST(Summary, CountsAreMeasuredAndHaveNoTime) {
  Document d;
  for (int calls : {1, 2, 4}) {
    Record& r = d.records.emplace_back();
    r.kernel_class = "a";
    r.unit = FigureUnit::instructions;
    r.macs = 400;
    r.counts = Counts{.calls = calls, .fmla = 400};
  }
  const auto groups = groups_of(d);
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_TRUE(groups[0].counted());
  EXPECT_FALSE(groups[0].timed());
  const auto means = class_means(d);
  EXPECT_EQ(means[0].failed, 0);
  EXPECT_EQ(means[0].percent, 0);
  EXPECT_EQ(means[0].per_least_fmla, 2);  // the median of 4, 2, 1
}

/// Catches columns that mix what must never be compared.
TEST(Summary, GroupsKeepTargetsUnitsThreadsAndStatesApart) {
  Document d;
  for (int i = 0; i < 5; ++i) d.records.push_back(timed("a", 100, 50));
  d.records[1].target = "other";
  d.records[2].unit = FigureUnit::instructions;
  d.records[3].threads = 2;
  d.records[4].state = CacheState::cold;
  d.records.push_back(timed("b", 100, 50));
  const auto groups = groups_of(d);
  ASSERT_EQ(groups.size(), 5u);
  EXPECT_EQ(groups[0].records, (std::vector<const Record*>{&d.records[0], &d.records[5]}));
  EXPECT_TRUE(groups[0].timed());
}

}  // namespace
}  // namespace halcyon
