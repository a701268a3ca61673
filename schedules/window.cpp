#include "schedules/window.h"

#include <algorithm>
#include <set>

#include "schedules/tile.h"

namespace halcyon {
namespace {

constexpr int kMostTaps = 49;       // of a window whose taps are all unrolled
constexpr int kMostUnrolled = 400;  // multiply-adds in one body: 0.3 s of compiling
constexpr int kWidestUnrolledRow =
    28;  // at 112 columns a row unrolled whole takes 5.7 s to compile

int taps(const Site& site) { return site.o().w.kernel * site.o().h.kernel; }

}  // namespace

std::vector<Knob> window_knobs(const Site& site) {
  const Op& o = site.o();
  const std::vector<int> lanes = lane_choices(site.target, o.out.c, false);
  std::set<int> channels;
  for (int l : lanes)
    for (int vectors : {1, 2})
      if (l * vectors <= o.out.c) channels.insert(l * vectors);
  std::vector<Knob> knobs = {
      {"tile_x", at_most({1, 2, 4, 7, 8, 14}, o.out.w), "columns of a register tile"},
      {"tile_y", at_most({1, 2, 4}, o.out.h), "rows of a register tile"},
      {"tile_c", {channels.begin(), channels.end()}, "channels of a register tile"},
      {"lanes", lanes, "elements of a vector"},
      {"order", {0, 1, 2}, "channel blocks: 0 inside columns, 1 inside rows, 2 outermost"},
      {"taps", {1}, "unrolled: 1 a row of the window, 2 all of it"},
      {"unroll_x",
       {0},
       "1: a whole row of tiles is unrolled, so that column conditions are static"},
      {"pad", {0}, "rows outside: 0 read as padding, 1 left out"},
  };
  if (o.h.kernel > 1 && taps(site) <= kMostTaps) knobs[5].values = {1, 2};
  if (o.out.w <= kWidestUnrolledRow && leaves_input(o.w, o.in.w, o.out.w)) knobs[6].values = {0, 1};
  if (leaves_input(o.h, o.in.h, o.out.h)) knobs[7].values = {0, 1};
  return knobs;
}

bool window_fits(const Site& site, const Point& p) {
  const int columns = p.at("tile_x"), rows = p.at("tile_y"), channels = p.at("tile_c");
  const int lanes = p.at("lanes"), vectors = channels / lanes;
  if (channels % lanes != 0) return false;
  if (columns * rows * vectors + vectors + 1 > site.target.vector_registers) return false;
  const int unrolled_taps = p.at("taps") == 2 ? taps(site) : site.o().w.kernel;
  const int tiles = p.at("unroll_x") ? site.o().out.w / columns : 1;
  return columns * rows * vectors * unrolled_taps * tiles <= 4 * kMostUnrolled;
}

/// Measured on Zen 4 and, by the prototypes, Zen 3: narrow maps take a row tile of 7, wide ones 4 x
/// 2 (2 x 2 with stride 2, whose tiles share fewer inputs), all taps unrolled.
Point window_start(const Site& site) {
  const Op& o = site.o();
  const std::vector<int> lanes = lane_choices(site.target, o.out.c, false);
  const auto cost = [&](int l) {
    return ((o.out.c - 1) / l + 1) * l / elements_per_cycle(site.target, l);
  };
  const int l = lanes.size() > 1 && cost(lanes[1]) < cost(lanes[0]) ? lanes[1] : lanes[0];
  const bool narrow = o.out.w < 28;
  Point p = {{"tile_x", narrow           ? 7
                        : o.w.stride > 1 ? 2
                                         : 4},
             {"tile_y", narrow ? 1 : 2},
             {"tile_c", l},
             {"lanes", l},
             {"order", narrow ? 2 : 0},
             {"taps", o.h.kernel > 1 && taps(site) <= kMostTaps ? 2 : 1},
             {"unroll_x", 0},
             {"pad", 0}};
  for (const Knob& knob : window_knobs(site)) {
    const std::vector<int> values = at_most(knob.values, p.at(knob.name));
    p[knob.name] = *std::max_element(values.begin(), values.end());
  }
  if (!window_fits(site, p)) p["taps"] = 1;
  return p;
}

void window_steps(const Site& site, const Frame& frame, const Point& p, const std::vector<Piece>&,
                  Steps& s) {
  const Op& o = site.o();
  const std::string to = site.result(), acc = site.name("acc"), update = acc + ".update";
  const int lanes = p.at("lanes"), channels = p.at("tile_c"), order = p.at("order");
  const int columns = even_tile(frame.columns, p.at("tile_x"));
  const int rows = even_tile(frame.rows, p.at("tile_y"));
  const bool row_tiles = rows > 1;
  s(to, "split", "c", "co", "ci", channels, inward_tail(o.out.c, channels));
  s(to, "split", "x", "xo", "xi", columns, inward_tail(frame.extent(o.out.w), columns));
  if (row_tiles) s(to, "split", "y", "yo", "yi", rows, inward_tail(frame.extent(o.out.h), rows));
  std::vector<std::string> loops = {"ci", "xi"};
  if (row_tiles) loops.push_back("yi");
  static constexpr const char* kOrders[3][3] = {
      {"co", "xo", "y"}, {"xo", "co", "y"}, {"xo", "y", "co"}};
  for (const char* loop : kOrders[order]) loops.push_back(row_tiles && *loop == 'y' ? "yo" : loop);
  s(to, "reorder", loops);
  vector_steps(to, "ci", channels, lanes, s);
  s(to, "unroll", "xi");
  if (row_tiles) s(to, "unroll", "yi");
  if (p.at("unroll_x")) s(to, "unroll", "xo");
  s(acc, "compute_at", to, order == 0 ? "co" : "xo");
  s(acc, "store_in", "stack");
  vector_steps(acc, "c", channels, lanes, s);
  s(acc, "unroll", "x")(acc, "unroll", "y");
  s(update, "reorder", "c", "x", "y", "kx", "ky");
  vector_steps(update, "c", channels, lanes, s);
  s(update, "unroll", "x")(update, "unroll", "y")(update, "unroll", "kx");
  if (p.at("taps") == 2) s(update, "unroll", "ky");
}

}  // namespace halcyon
