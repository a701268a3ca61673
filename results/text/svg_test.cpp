#include "results/text/svg.h"

#include <gtest/gtest.h>

namespace halcyon::svg {
namespace {

TEST(LogAxis, PutsItsEndsAtTheEnds) {
  const LogAxis axis(0.5, 50);
  EXPECT_NEAR(axis.percent(0.5), 0, 1e-9);
  EXPECT_NEAR(axis.percent(5), 50, 1e-9);
  EXPECT_NEAR(axis.percent(50), 100, 1e-9);
}

TEST(LogAxis, TicksLieInsideAndThinOut) {
  EXPECT_EQ(LogAxis(0.4, 30).ticks(), (std::vector<double>{0.5, 1, 2, 5, 10, 20}));
  EXPECT_EQ(LogAxis(0.05, 9000).ticks(), (std::vector<double>{0.1, 1, 10, 100, 1000}));
}

TEST(Svg, DrawsInPercentAndEscapes) {
  EXPECT_EQ(line("grid", 0, 12.5, 100, 12.5).string(),
            "<line class=\"grid\" x1=\"0.00%\" y1=\"12.50%\" x2=\"100.00%\" y2=\"12.50%\"></line>");
  EXPECT_NE(label("t", 0, 0, "start", "<b>").string().find("&lt;b&gt;"), std::string::npos);
  EXPECT_EQ(dots("d", {{1, 2}, {3.25, 4}}).string(),
            "<path class=\"d\" d=\"M1.0 2.0h0M3.2 4.0h0\"></path>");
  EXPECT_TRUE(dots("d", {}).empty());
}

}  // namespace
}  // namespace halcyon::svg
