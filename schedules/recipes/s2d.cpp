#include "schedules/recipes/pass.h"
#include "schedules/recipes/sharing.h"
#include "schedules/recipes/tile.h"

namespace halcyon {
namespace {

/// Channels of the result are B*B copies of the input's: a vector stays inside one of them.
std::vector<Knob> knobs(const Site& site) {
  std::vector<Knob> all = vector_knobs(site, site.o().in.c);
  all.push_back({"tile_x", at_most({1, 2, 4}, site.o().out.w), "columns in one body"});
  return all;
}

Point start(const Site& site) {
  Point p = vector_start(site, site.o().in.c, 4);
  p["tile_x"] = 1;
  return p;
}

void schedule(const Site& site, const Frame& frame, const Point& p, const std::vector<Piece>&,
              Steps& s) {
  const std::string to = site.result();
  const int channels = site.o().in.c, block = p.at("tile_c");
  const int columns = even_tile(frame.columns, p.at("tile_x"));
  s(to, "split", "c", "copy", "cc", channels);
  s(to, "split", "cc", "co", "ci", block, inward_tail(channels, block));
  s(to, "split", "x", "xo", "xi", columns, inward_tail(frame.extent(site.o().out.w), columns));
  s(to, "reorder", "ci", "co", "copy", "xi", "xo");
  vector_steps(to, "ci", block, p.at("lanes"), s);
  s(to, "unroll", "copy")(to, "unroll", "xi");
}

std::vector<OuterLoop> outer_loops(const Site& site, const Frame& frame, const Point&,
                                   const std::vector<Piece>&) {
  return {{site.result(), "y", frame.rows, op_cycles(site)}};
}

}  // namespace

extern const OpRecipe s2d_recipe{.word = "s2d",
                                 .reads = Reads::window,
                                 .knobs = knobs,
                                 .fits = vectors_fit,
                                 .start = start,
                                 .schedule = schedule,
                                 .outer_loops = outer_loops};

}  // namespace halcyon
