#include "schedules/recipes/map_sum.h"

#include "schedules/recipes/pass.h"
#include "schedules/recipes/sharing.h"
#include "schedules/recipes/tile.h"

namespace halcyon {

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

std::vector<Knob> map_sum_knobs(const Site& site) { return vector_knobs(site, site.o().out.c); }

Point map_sum_start(const Site& site) { return vector_start(site, site.o().out.c, 8); }

void map_sum_op_steps(const Site& site, const Frame&, const Point& p, const std::vector<Piece>&,
                      Steps& s) {
  map_sum_steps(site.result(), site.name("acc"), site.o().in, p, s);
}

std::vector<OuterLoop> map_sum_op_loops(const Site& site, const Frame&, const Point& p,
                                        const std::vector<Piece>&) {
  return {map_sum_loop(site.result(), site.o().out.c, p, op_cycles(site))};
}

}  // namespace halcyon
