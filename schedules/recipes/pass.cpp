#include "schedules/recipes/pass.h"

#include <algorithm>
#include <set>

#include "schedules/recipes/tile.h"

namespace halcyon {

std::vector<Knob> vector_knobs(const Site& site, int channels) {
  const std::vector<int> lanes = lane_choices(site.target, channels, false);
  std::set<int> blocks;
  for (int l : lanes)
    for (int vectors : {1, 2, 4, 8})
      if (l * vectors <= channels) blocks.insert(l * vectors);
  return {{"tile_c", {blocks.begin(), blocks.end()}, "channels in one body"},
          {"lanes", lanes, "elements of a vector"}};
}

bool vectors_fit(const Point& p) {
  return p.at("tile_c") % p.at("lanes") == 0 && p.at("tile_c") / p.at("lanes") <= 8;
}

Point vector_start(const Site& site, int channels, int most_vectors) {
  const std::vector<int> lanes = lane_choices(site.target, channels, false);
  const int l = channels % lanes[0] != 0 && lanes.size() > 1 && channels % lanes[1] == 0 ? lanes[1]
                                                                                         : lanes[0];
  int block = l;
  for (int vectors = 2; vectors <= most_vectors; vectors *= 2)
    if (channels % (l * vectors) == 0) block = l * vectors;
  return {{"tile_c", block}, {"lanes", l}};
}

/// Additions that one sum waits for; where there are more, those of the next row overlap this one's
/// (1.1x of 14x14, 2x of 28x28x40), and the error is that of two short sums: n additions in a row
/// lose about sqrt(n) roundings, and 150x150 of them put EfficientNet-B3 at 14 times the error of
/// others.
constexpr int kMostInARow = 100;

void map_sum_steps(const std::string& to, const std::string& acc, const Shape& map, const Point& p,
                   Steps& s, const std::string& over) {
  const int block = p.at("tile_c"), lanes = p.at("lanes");
  s(to, "split", "c", "co", "ci", block, inward_tail(map.c, block));
  vector_steps(to, "ci", block, lanes, s);
  s(acc, "compute_at", to, "co")(acc, "store_in", "stack");
  vector_steps(acc, "c", block, lanes, s);
  const auto sum = [&](const std::string& stage, const std::vector<std::string>& loops) {
    s(stage + ".update", "reorder", "c", loops);
    vector_steps(stage + ".update", "c", block, lanes, s);
  };
  if (!over.empty()) return sum(acc, {over});
  if (map.h * map.w <= kMostInARow) return sum(acc, {"rx", "ry"});
  const std::string row = acc + "_row";
  s(acc + ".update", "rfactor", row, "ry", "row");
  s(row, "compute_at", acc, "ry")(row, "store_in", "stack");
  vector_steps(row, "c", block, lanes, s);
  sum(row, {"rx"});
  sum(acc, {"ry"});
}

OuterLoop map_sum_loop(const std::string& to, int channels, const Point& p, double cycles) {
  return {to, "co", (channels - 1) / p.at("tile_c") + 1, cycles};
}

}  // namespace halcyon
