#include "suites/request/progress.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

TEST(Progress, SaysNothingOfTheTimeLeftUntilEnoughIsKnown) {
  EXPECT_FALSE(seconds_left({}, 10));
  EXPECT_FALSE(seconds_left({20}, 63)) << "the first step has the set-up of all in it";
  EXPECT_FALSE(seconds_left({0.1, 0.2, 0.3, 0.4}, 10)) << "hardly any time";
  EXPECT_FALSE(seconds_left({60.0, 60.1, 60.2, 60.3, 60.4, 60.5}, 18)) << "all done at once";
  EXPECT_FALSE(seconds_left({0.1, 0.2, 0.3, 9}, 10)) << "slower and slower";
}

TEST(Progress, SaysWhatIsLeftOfAnEvenPace) {
  const auto left = seconds_left({1, 2, 3, 4, 5, 6, 7, 8}, 16);
  ASSERT_TRUE(left);
  EXPECT_DOUBLE_EQ(*left, 16);
  const auto bundles = seconds_left({30, 30.1, 30.2, 60, 60.1, 60.2}, 3);
  ASSERT_TRUE(bundles);
  EXPECT_NEAR(*bundles, 30.1, 1e-9);
}

TEST(Progress, SaysDurationsForPeople) {
  EXPECT_EQ(duration_text(0.4), "0 s");
  EXPECT_EQ(duration_text(59.4), "59 s");
  EXPECT_EQ(duration_text(190), "3 min 10 s");
}

}  // namespace
}  // namespace halcyon
