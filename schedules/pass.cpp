#include "schedules/pass.h"

#include <algorithm>
#include <set>

#include "schedules/tile.h"

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

void map_sum_steps(const std::string& to, const std::string& acc, int channels, const Point& p,
                   Steps& s, const std::vector<std::string>& over) {
  const int block = p.at("tile_c"), lanes = p.at("lanes");
  s(to, "split", "c", "co", "ci", block, inward_tail(channels, block));
  vector_steps(to, "ci", block, lanes, s);
  s(acc, "compute_at", to, "co")(acc, "store_in", "stack");
  vector_steps(acc, "c", block, lanes, s);
  s(acc + ".update", "reorder", "c", over);
  vector_steps(acc + ".update", "c", block, lanes, s);
}

OuterLoop map_sum_loop(const std::string& to, int channels, const Point& p, double cycles) {
  return {to, "co", (channels - 1) / p.at("tile_c") + 1, cycles};
}

}  // namespace halcyon
