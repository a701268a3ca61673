#include "suites/request/point.h"

#include <gtest/gtest.h>

#include "kernels/for_tests.h"

namespace halcyon {
namespace {

TEST(Point, IsReadAsItIsWritten) {
  const Point p = {{"tile_c", 16}, {"tile_p", 6}};
  EXPECT_EQ(point_from_text(to_text(p)), p);
  EXPECT_EQ(point_from_text("  tile_p=6   tile_c=16 "), p);
}

TEST(Point, ThatIsNoneIsRefusedWithItsWord) {
  const auto message = [](const std::string& text) {
    return refusal_of([&] { point_from_text(text); });
  };
  for (const std::string word : {"tile_c", "=16", "tile_c=", "tile_c=x", "tile_c=8x", "tile_c=1.5",
                                 "tile_c=99999999999", "tile_c==8"})
    EXPECT_EQ(message("tile_p=4 " + word), "--point 'tile_p=4 " + word + "': '" + word +
                                               "' is not <knob>=<value>, as in 'tile_c=16'");
  EXPECT_EQ(message("a=1 a=2"), "--point 'a=1 a=2': names 'a' twice");
  EXPECT_EQ(message(" "), "--point ' ': names no knob");
}

}  // namespace
}  // namespace halcyon
