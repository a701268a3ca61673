#include "schedules/recipes/pass.h"
#include "schedules/recipes/sharing.h"
#include "schedules/recipes/tile.h"

namespace halcyon {
namespace {

std::vector<Knob> knobs(const Site& site) {
  std::vector<Knob> all = vector_knobs(site, site.o().out.c);
  all.push_back({"tile_x", at_most({2, 4}, site.o().out.w), "columns in one body"});
  return all;
}

Point start(const Site& site) {
  Point p = vector_start(site, site.o().out.c, 1);
  p["tile_x"] = 2;
  return p;
}

/// Whether a row or column is odd decides its taps: pairs of both are unrolled, so it is static.
void schedule(const Site& site, const Frame& frame, const Point& p, const std::vector<Piece>&,
              Steps& s) {
  const std::string to = site.result();
  const int channels = site.o().out.c, block = p.at("tile_c");
  const int columns = even_tile(frame.columns, p.at("tile_x")), rows = even_tile(frame.rows, 2);
  s(to, "split", "c", "co", "ci", block, inward_tail(channels, block));
  s(to, "split", "x", "xo", "xi", columns, inward_tail(frame.extent(site.o().out.w), columns));
  s(to, "split", "y", "yo", "yi", rows, inward_tail(frame.extent(site.o().out.h), rows));
  s(to, "reorder", "ci", "xi", "yi", "co", "xo", "yo");
  vector_steps(to, "ci", block, p.at("lanes"), s);
  s(to, "unroll", "xi")(to, "unroll", "yi");
}

std::vector<OuterLoop> outer_loops(const Site& site, const Frame& frame, const Point&,
                                   const std::vector<Piece>&) {
  return {{site.result(), "yo", (frame.rows - 1) / even_tile(frame.rows, 2) + 1, op_cycles(site)}};
}

}  // namespace

extern const OpRecipe upsample2x_recipe{.word = "upsample2x",
                                        .reads = Reads::half,
                                        .knobs = knobs,
                                        .fits = vectors_fit,
                                        .start = start,
                                        .schedule = schedule,
                                        .outer_loops = outer_loops};

}  // namespace halcyon
