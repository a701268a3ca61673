#include "schedules/recipes/window.h"

#include <algorithm>
#include <set>

#include "schedules/recipes/sharing.h"
#include "schedules/recipes/tile.h"

namespace halcyon {
namespace {

constexpr int kMostTaps = 49;        // of a window whose taps are all unrolled
constexpr int kMostUnrolled = 1600;  // vector multiply-adds in one body: 3 s of compiling
constexpr int kWholeRow = 14;        // columns that one tile may take
// A row unrolled whole takes 5.7 s to compile at 112 columns.
constexpr int kWidestUnrolledRow = 28;

int taps(const Site& site) { return site.o().w.kernel * site.o().h.kernel; }

/// Taps of a row that one instruction sums, which the knob "gather" puts side by side: none of a
/// maximum, nor where nothing is padded along x, since the last group reads beyond the window.
int gathered_taps(const Site& site) {
  const Op& o = site.o();
  const int terms = site.target.dot_terms(site.problem.dtype());
  const bool sums = !parameters_of(o).empty() && !site.target.signed_dots();
  return sums && leaves_input(o.w, o.in.w, o.out.w) && o.w.kernel > 1 && o.w.dilation == 1 ? terms
                                                                                           : 1;
}

bool gathers(const Point& p) {
  const auto knob = p.find("gather");
  return knob != p.end() && knob->second == 1;
}

/// Each knob at its largest value that is not above the point's; fewer taps where that is too much.
Point made_to_fit(const Site& site, Point p) {
  for (const Knob& knob : window_knobs(site)) {
    const std::vector<int> values = at_most(knob.values, p.at(knob.name));
    p[knob.name] = *std::max_element(values.begin(), values.end());
  }
  if (!window_fits(site, p)) p["taps"] = 1;
  return p;
}

/// Dot products of gathered taps: rows of a tile share what is loaded and put in order. A block of
/// channels has 16 bytes of a line of 64, so that all four should find it in L1: block after block
/// where the map's lines fit there, else rows outermost (28x28x128: 0.8 of the time), and tall
/// tiles, since the stage of the padded input is filled for each row of tiles.
Point gathered_start(const Site& site, Point p) {
  constexpr int kLine = 64;
  const Op& o = site.o();
  const int lines = o.in.h * o.in.w + o.out.h * o.out.w;
  p["gather"] = 1;
  p["order"] = lines * kLine <= site.target.l1d_bytes ? 2 : 1;
  p["unroll_x"] = 0;
  p["tile_c"] = p.at("lanes");
  p["tile_x"] = 7;
  p["tile_y"] = p.at("order") == 1 && taps(site) < 25 ? 4 : 2;
  return made_to_fit(site, p);
}

}  // namespace

std::vector<Knob> window_knobs(const Site& site) {
  const Op& o = site.o();
  const std::vector<int> lanes = lane_choices(site.target, o.out.c, false);
  std::set<int> channels;
  for (int l : lanes)
    for (int vectors : {1, 2})
      if (l * vectors <= o.out.c) channels.insert(l * vectors);
  std::vector<int> columns = at_most({1, 2, 4, 7, 8, 14}, o.out.w);
  if (o.out.w <= kWholeRow && columns.back() < o.out.w) columns.push_back(o.out.w);
  const auto up_to = [](int first, int last) {
    return first == last ? std::vector<int>{first} : std::vector<int>{first, last};
  };
  // What is outside of a sum in i8 reads the zero point, which counts.
  const bool may_leave_out = site.problem.dtype() != DType::i8 || parameters_of(o).empty();
  const bool all_taps = o.h.kernel > 1 && taps(site) <= kMostTaps;
  const bool short_padded_row = o.out.w <= kWidestUnrolledRow && leaves_input(o.w, o.in.w, o.out.w);
  std::vector<Knob> knobs = {
      {"tile_x", columns, "columns of a register tile"},
      {"tile_y", at_most({1, 2, 4}, o.out.h), "rows of a register tile"},
      {"tile_c", {channels.begin(), channels.end()}, "channels of a register tile"},
      {"lanes", lanes, "elements of a vector"},
      {"order", {0, 1, 2}, "channel blocks: 0 inside columns, 1 inside rows, 2 outermost"},
      {"taps", up_to(1, all_taps ? 2 : 1), "unrolled: 1 a row of the window, 2 all of it"},
      {"unroll_x", up_to(0, short_padded_row),
       "1: a whole row of tiles is unrolled, so that column conditions are static"},
      {"pad", up_to(0, may_leave_out && leaves_input(o.h, o.in.h, o.out.h)),
       "rows outside: 0 read as padding, 1 left out"},
  };
  if (gathered_taps(site) > 1)
    knobs.push_back({"gather",
                     {0, 1},
                     "1: neighbouring taps are loaded at once and put side by side, for dot "
                     "products"});
  return knobs;
}

bool window_fits(const Site& site, const Point& p) {
  const int columns = p.at("tile_x"), rows = p.at("tile_y"), channels = p.at("tile_c");
  const int lanes = p.at("lanes"), vectors = channels / lanes;
  if (channels % lanes != 0) return false;
  if (gathers(p) && (p.at("order") == 0 || p.at("unroll_x") != 0 || vectors > 1)) return false;
  if (columns * rows * vectors + vectors + 1 > site.target.vector_registers) return false;
  const int unrolled_taps = p.at("taps") == 2 ? taps(site) : site.o().w.kernel;
  const int tiles = p.at("unroll_x") ? site.o().out.w / columns : 1;
  return columns * rows * vectors * unrolled_taps * tiles <= kMostUnrolled;
}

/// Measured on Zen 4 (both vector widths). A row of up to 14 is one tile, so that its columns'
/// conditions are static, and channel blocks stand outermost; with 16 registers only for windows of
/// 25 taps up (5x5: 99 % against 88), as smaller ones then wait for halves of cache lines: half a
/// row, blocks inside. Wider maps take 4 x 2, whose rows share inputs; with stride 2 tiles of a
/// small window share little, and 2 x 2 does. A column of taps wants tall tiles (75 % against 46).
/// Where a load is an instruction of its own (counted on NEON, per FMLA of 3x3): 7 x 2 takes 1.63,
/// 4 x 2 1.76, 4 x 4 spills; with stride 2, 4 x 2 takes 2.3 and 2 x 2 2.6. There a row of 14 under
/// 25 taps goes row of taps by row: unrolled whole it spills.
Point window_start(const Site& site) {
  const Op& o = site.o();
  const std::vector<int> lanes = lane_choices(site.target, o.out.c, false);
  const auto cost = [&](int l) {
    const int vectors = (o.out.c - 1) / l + 1;
    return vectors * l / elements_per_cycle(site.target, l);
  };
  const int l = lanes.size() > 1 && cost(lanes[1]) < cost(lanes[0]) ? lanes[1] : lanes[0];
  const bool few_registers = site.target.vector_registers < 32;
  Point p = {{"tile_x", 4}, {"tile_y", 2}, {"tile_c", l},   {"lanes", l},
             {"order", 0},  {"taps", 2},   {"unroll_x", 0}, {"pad", 0}};
  if (gathered_taps(site) > 1) p["gather"] = 0;
  const auto tile = [&](int columns, int rows) {
    p["tile_x"] = columns;
    p["tile_y"] = rows;
  };
  const bool narrow = o.out.w <= kWholeRow, large = taps(site) >= 25;
  if (o.w.kernel == 1 && o.h.kernel > 1) {
    if (few_registers)
      tile(2, 4);
    else
      tile(7, 2);
  } else if (narrow) {
    tile(few_registers && !large ? 7 : o.out.w, 1);
    p["pad"] = o.out.w <= 7;
  } else if (!site.target.memory_operands) {
    if (o.w.stride == 1) tile(7, 2);
  } else if (o.w.stride > 1 && !large) {
    tile(2, 2);
  }
  if (narrow && (large || !few_registers)) p["order"] = 2;
  if (narrow && large && !site.target.memory_operands && p["pad"] == 0) p["taps"] = p["pad"] = 1;
  p = made_to_fit(site, p);
  // The op before left rows, not channels, in the caches of the core that wrote them; and a pixel's
  // channels seldom end with a cache line: the cores would take lines from each other.
  if (site.target.threads > 1) p["order"] = 0;
  p["order"] = balanced_order(p["order"], {0, 2}, site.target.threads, [&](int order) {
    p["order"] = order;
    return window_loops(site, {o.out.w, o.out.h}, p, {});
  });
  if (gathered_taps(site) > 1) p = gathered_start(site, p);
  return p;
}

/// Where two full vectors start per cycle, loads decide, and what saves them differs by map: tall
/// tiles of one column, whose rows share weights and inputs (1.1x at 56x56, 1.4x of (1,5) at
/// 14x14); two vectors a column, a row of taps at a time, which leaves registers for a second
/// block's sums (1.07x of 5x5 at 7x7); few columns of two vectors, rows unrolled (1.2x at 7x7).
std::vector<Point> window_others(const Site& site) {
  const bool narrow = site.o().out.w <= kWholeRow;
  const Point start = window_start(site);
  std::vector<Point> others;
  const auto add = [&](const Point& changes) {
    Point p = start;
    for (const auto& [name, value] : changes) p[name] = value;
    others.push_back(made_to_fit(site, p));
  };
  const int two_vectors = 2 * start.at("lanes"), order = narrow ? 2 : 0;
  add({{"tile_x", 1}, {"tile_y", 4}, {"taps", 2}, {"order", order}, {"unroll_x", 1}});
  add({{"tile_c", two_vectors}, {"taps", 1}, {"unroll_x", 1}});
  add({{"tile_x", 4},
       {"tile_y", 1},
       {"tile_c", two_vectors},
       {"taps", 1},
       {"order", order},
       {"unroll_x", 1}});
  return others;
}

std::vector<OuterLoop> window_loops(const Site& site, const Frame& frame, const Point& p,
                                    const std::vector<Piece>&) {
  const int rows = even_tile(frame.rows, p.at("tile_y"));
  const double cycles = op_cycles(site);
  if (p.at("order") == 2)
    return {{site.result(), "co", (site.o().out.c - 1) / p.at("tile_c") + 1, cycles}};
  return {{site.result(), rows > 1 ? "yo" : "y", (frame.rows - 1) / rows + 1, cycles}};
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
  if (!finishes_one_by_one(site, columns * rows * (channels / lanes))) s(to, "unroll", "xi");
  if (row_tiles) s(to, "unroll", "yi");
  if (p.at("unroll_x")) s(to, "unroll", "xo");
  s(acc, "compute_at", to, order == 0 ? "co" : "xo");
  s(acc, "store_in", "stack");
  vector_steps(acc, "c", channels, lanes, s);
  s(acc, "unroll", "x")(acc, "unroll", "y");
  std::string taps = "kx";
  if (gathers(p)) {
    const std::string source = site.name("src");
    s(update, "split", "kx", "kxo", "kxi", gathered_taps(site));
    s(update, "reorder", "kxi", "c", "x", "y", "kxo", "ky");
    s(update, "atomic")(update, "vectorize", "kxi");
    s(source, "compute_at", to, "co")(source, "store_in", "stack");
    vector_steps(source, "c", channels, lanes, s);
    taps = "kxo";
  } else {
    s(update, "reorder", "c", "x", "y", "kx", "ky");
  }
  vector_steps(update, "c", channels, lanes, s);
  s(update, "unroll", "x")(update, "unroll", "y")(update, "unroll", taps);
  if (p.at("taps") == 2) s(update, "unroll", "ky");
}

void window_pack(const Site& site, const Point& p, Steps& s) {
  if (!gathers(p)) return;
  const int terms = gathered_taps(site);
  if (site.o().w.kernel % terms != 0) s(site.name("w"), "round", "kx", terms);
  s(site.name("w"), "interleave", "kx", terms);
  s(site.name("acc"), "gather", "kx", terms);
}

}  // namespace halcyon
