#include "schedules/recipes/elementwise.h"

#include "schedules/recipes/pass.h"
#include "schedules/recipes/sharing.h"
#include "schedules/recipes/tile.h"

namespace halcyon {

std::vector<Knob> elementwise_knobs(const Site& site) {
  const Shape& out = site.o().out;
  std::vector<Knob> all = vector_knobs(site, out.c);
  all.push_back({"tile_p", at_most({1, 2, 4, 8}, out.n * out.h * out.w), "points in one body"});
  return all;
}

bool elementwise_fits(const Site& site, const Point& p) {
  return vectors_fit(site, p) && p.at("tile_p") * p.at("tile_c") / p.at("lanes") <= 16;
}

Point elementwise_start(const Site& site) {
  Point p = vector_start(site, site.o().out.c, 4);
  p["tile_p"] = 1;
  const Knob tiles = elementwise_knobs(site).back();
  for (int points : tiles.values)
    if (points * p.at("tile_c") / p.at("lanes") <= 4) p["tile_p"] = points;
  return p;
}

void elementwise_steps(const Site& site, const Frame& frame, const Point& p,
                       const std::vector<Piece>&, Steps& s) {
  if (frame.gone) return;
  const std::string to = site.result();
  const int channels = site.o().out.c, block = p.at("tile_c");
  const int points = even_tile(frame.points(site.o().out), p.at("tile_p"));
  const int extent = frame.extent(frame.points(site.o().out));
  s(to, "split", "c", "co", "ci", block, inward_tail(channels, block));
  s(to, "split", "p", "po", "pi", points, inward_tail(extent, points));
  s(to, "reorder", "ci", "pi", "co", "po");
  vector_steps(to, "ci", block, p.at("lanes"), s);
  s(to, "unroll", "pi");
}

std::vector<OuterLoop> elementwise_loops(const Site& site, const Frame& frame, const Point& p,
                                         const std::vector<Piece>&) {
  if (frame.gone) return {};
  const int points = frame.points(site.o().out), tile = even_tile(points, p.at("tile_p"));
  return {{site.result(), "po", (points - 1) / tile + 1, op_cycles(site)}};
}

}  // namespace halcyon
