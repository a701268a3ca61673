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

bool vectors_fit(const Site&, const Point& p) {
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

}  // namespace halcyon
