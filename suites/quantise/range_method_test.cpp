#include "suites/quantise/range_method.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace halcyon {
namespace {

std::vector<float> normal(int count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> one(0, 1);
  std::vector<float> values;
  for (int i = 0; i < count; ++i) values.push_back(one(random));
  return values;
}

Histogram of(const std::vector<float>& values) {
  Histogram h;
  h.add(values);
  return h;
}

TEST(Histogram, RunsAddUpWhateverTheirRanges) {
  std::vector<float> small = normal(1000, 1), large = normal(1000, 2);
  for (float& v : large) v *= 1000;
  Histogram apart = of(small), other = of(large);
  apart.add(other);
  other.add(of(small));
  const auto bins = [](const Histogram& h) {
    std::vector<std::pair<double, std::int64_t>> all;
    h.each([&](double centre, std::int64_t count) { all.emplace_back(centre, count); });
    return all;
  };
  EXPECT_EQ(bins(apart), bins(other));
  EXPECT_EQ(apart.count(), 2000);
  EXPECT_EQ(apart.range(), other.range());
}

TEST(RangeMethod, MinmaxIsAllThatWasSeen) {
  EXPECT_EQ(range_by(RangeMethod::minmax, of({-1, 0.5f, 3})), (std::pair<double, double>(-1, 3)));
}

TEST(RangeMethod, PercentileAndMseLeaveOutAnOutlier) {
  std::vector<float> values = normal(1'000'000, 3);
  values.push_back(20);
  for (const RangeMethod method : {RangeMethod::percentile, RangeMethod::mse}) {
    const auto [least, most] = range_by(method, of(values));
    EXPECT_LT(most, 10) << to_text(method);
    EXPECT_GT(most, 3) << to_text(method);
    EXPECT_LT(least, -3) << to_text(method);
  }
}

TEST(RangeMethod, MseKeepsWhatIsUniform) {
  std::vector<float> values;
  for (int i = 0; i <= 1000; ++i) values.push_back(static_cast<float>(i) / 1000);
  const auto [least, most] = range_by(RangeMethod::mse, of(values));
  EXPECT_EQ(least, 0);
  EXPECT_GT(most, 0.97);
}

TEST(RangeMethod, HasAWordEach) {
  for (const RangeMethod method : range_methods()) {
    RangeMethod found{};
    EXPECT_TRUE(range_method_from_text(to_text(method), &found));
    EXPECT_EQ(found, method);
  }
  RangeMethod none{};
  EXPECT_FALSE(range_method_from_text("entropy", &none));
}

}  // namespace
}  // namespace halcyon
