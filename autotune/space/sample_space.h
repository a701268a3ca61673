#pragma once
#include "autotune/space/space.h"
#include "schedules/targets/target.h"

namespace halcyon {

/// For tests: 10 points of two tiles, a and b of 1 2 4 8, whose product is at most 8; the start
/// is 2 x 2.
inline Space sample_space() {
  const std::vector<Knob> knobs = {{"a", {1, 2, 4, 8}, ""}, {"b", {1, 2, 4, 8}, ""}};
  std::vector<Point> points;
  for (int b : knobs[1].values)
    for (int a : knobs[0].values)
      if (a * b <= 8) points.push_back({{"a", a}, {"b", b}});
  return {knobs, points, {{"a", 2}, {"b", 2}}};
}

/// For tests: x86-avx2, whatever runs them.
inline Target sample_target() {
  return find_target("x86-avx2", HALCYON_SOURCE_DIR "/schedules/targets");
}

}  // namespace halcyon
