#include "schedules/recipes/tile.h"

#include <algorithm>
#include <limits>
#include <set>

namespace halcyon {
namespace {

constexpr int kFmaLatency = 4;  // cycles; Zen, Skylake, A78
constexpr double kLoadsPerCycle = 2;
/// Bytes that a core streams from memory per cycle, about: what a piece of the points takes at
/// least, when it passes over all of heavy weights by itself (49 points in 13 and 3 x 12 ask
/// twice).
constexpr double kStreamedPerCycle = 8;

int vectors(const RegisterTile& t) { return t.channels / t.lanes; }

/// Accumulators, the weights of one k and the input value that they share. With one point every
/// weight is used once, straight from memory. Without operands from memory the inputs of all points
/// are on their way in registers, too, and two of the next weights: 6 x 16, 4 x 24 and 7 x 12 spill
/// in 32 registers.
int registers(const Target& target, const RegisterTile& t) {
  const int weights = t.points > 1 ? vectors(t) : 0;
  const int inputs = target.memory_operands ? 1 : t.points + 2;
  return t.points * vectors(t) + weights + inputs;
}

/// What the loads of a step of k cost although they hide behind the products: a little, more so of
/// weights that L1 does not keep (3x3, 64 -> 64: 6 x 16 97 %, 4 x 24 87). Where each is an
/// instruction, their number ranks the tiles; weights come in pairs.
double hidden_cycles(const Target& target, const Product& p, const RegisterTile& t) {
  const double inputs = static_cast<double>(t.points) / p.inputs_at_once;
  if (!target.memory_operands) return 0.1 * (inputs + 0.5 * vectors(t));
  const bool weights_in_l1 = p.weight_bytes() <= target.l1d_bytes;
  return 0.02 * inputs + (weights_in_l1 ? 0.02 : 0.15) * vectors(t);
}

/// What stands outside the k loop (bias, result, loop) mostly overlaps with the next tile's
/// products: half a cycle a vector and 4 a tile rank K = 16 as measured. Beyond 16 full vectors it
/// does not: on Zen 4, K = 16, 4 x 64 gives 98 % of the peak, 8 x 48 95, 14 x 32 86. NEON: 1.5
/// instructions a vector and 10 a tile, as counted, of which 4 are decoded per cycle.
double outside_cycles(const Target& target, const RegisterTile& t) {
  const int v = t.points * vectors(t);
  if (!target.memory_operands) return (10 + 1.5 * v) / 4;
  const double full_vectors = static_cast<double>(v) * t.lanes / target.lanes();
  return 4 + 0.5 * v + 2 * std::max(0.0, full_vectors - 16);
}

double tile_cycles(const Target& target, const Product& p, const RegisterTile& t) {
  const int v = t.points * vectors(t);
  const double products = v * t.lanes / elements_per_cycle(target, t.lanes);
  const double inputs = static_cast<double>(t.points) / p.inputs_at_once;
  const double loads = (inputs + vectors(t)) / kLoadsPerCycle;
  const double step =
      std::max({products, loads, double{kFmaLatency}}) + hidden_cycles(target, p, t);
  return p.steps() * step + outside_cycles(target, t);
}

/// Points that a thread computes outside its own contiguous part of all, because each piece is
/// shared out by itself: 9 tiles of 12 and 8 of 11 leave each of two threads with two ranges.
int points_elsewhere(const std::vector<Piece>& pieces, int points, int threads) {
  const auto cut = [&](int n, int thread) { return (n * thread + threads - 1) / threads; };
  int elsewhere = 0;
  for (const Piece& piece : pieces)
    for (int t = 0; t < threads; ++t) {
      const int tiles = piece.length / piece.tile;
      const int begin = piece.start + cut(tiles, t) * piece.tile,
                end = piece.start + cut(tiles, t + 1) * piece.tile;
      const int own = std::min(end, cut(points, t + 1)) - std::max(begin, cut(points, t));
      elsewhere += end - begin - std::max(own, 0);
    }
  return elsewhere;
}

/// The stage that acc reads, and its axis along the points of a tile.
struct Source {
  std::string stage;
  const char* points;
};
Source source_of(const Site& site) {
  const Op& o = site.o();
  if (leaves_input(o.w, o.in.w, o.out.w) || leaves_input(o.h, o.in.h, o.out.h))
    return {site.name("src"), "x"};
  const int before = site.op - (site.past_gate ? 2 : 1);
  const std::string stage = before < 0 ? "in" : site.problem.result_name(before);
  return {stage, is_flat(site.problem, before) ? "p" : "x"};
}

}  // namespace

int rounded_up(int n, int multiple) { return (n + multiple - 1) / multiple * multiple; }

int inputs_at_once(const Site& site) {
  const int channels = site.o().in.c / site.o().groups, lanes = site.target.lanes();
  const bool points_are_neighbours =
      !op_recipe(site.o().word()).flat || is_flat(site.problem, site.op - 1);
  return site.problem.dtype() == DType::f32 && site.target.fma_by_element &&
                 channels % lanes == 0 && points_are_neighbours
             ? lanes
             : 1;
}

bool fills_channels(const Site& site) {
  const Op& o = site.o();
  return o.word() == "conv" && o.groups == 1 &&
         o.in.c % site.target.dot_terms(site.problem.dtype()) != 0;
}

int dot_terms(const Site& site) {
  const int terms = site.target.dot_terms(site.problem.dtype());
  const bool divides = site.o().in.c / site.o().groups % terms == 0;
  return divides || fills_channels(site) ? terms : 1;
}

std::vector<int> lane_choices(const Target& target, int channels, bool may_waste) {
  const int full = target.lanes();
  std::vector<int> choices;
  for (int lanes = full; lanes >= 1; lanes /= 2) {
    const bool fits = may_waste || channels >= lanes;
    const bool saves =
        choices.empty() || rounded_up(channels, lanes) < rounded_up(channels, choices.back());
    if (fits && saves) choices.push_back(lanes);
    if (choices.size() == 2) break;
  }
  return choices;
}

double elements_per_cycle(const Target& target, int lanes) {
  return lanes * std::min(2.0, target.fma_per_cycle * target.lanes() / lanes);
}

const std::vector<int>& values_of(const std::vector<Knob>& knobs, const std::string& name) {
  return std::find_if(knobs.begin(), knobs.end(), [&](const Knob& k) { return k.name == name; })
      ->values;
}

std::vector<Knob> product_knobs(const Target& target, const Product& p,
                                const std::string& points_knob) {
  const bool grouped = p.group_channels < p.channels;
  std::vector<int> lanes = lane_choices(target, p.group_channels, !grouped);
  if (grouped)  // a vector within one group reads one input value; any other would gather
    while (p.group_channels % lanes.front() != 0) lanes = {lanes.front() / 2};
  const std::vector<int> points = at_most({1, 2, 4, 5, 6, 7, 8, 12, 14}, p.points);
  const int most_vectors = p.points == 1 ? 12 : 6;
  std::set<int> channels;
  for (int l : lanes)
    for (int v = 1; v <= most_vectors; ++v)
      if (grouped ? p.group_channels % (l * v) == 0 : l * v <= rounded_up(p.channels, l))
        channels.insert(l * v);
  return {{points_knob, points, "points of a register tile (at most; tiles are balanced)"},
          {"tile_c", {channels.begin(), channels.end()}, "channels of a register tile"},
          {"lanes", lanes, "elements of a vector"}};
}

bool product_fits(const Target& target, const Product& p, const RegisterTile& t) {
  if (t.channels % t.lanes != 0 || registers(target, t) > target.vector_registers) return false;
  return p.group_channels == p.channels || p.group_channels % t.channels == 0;
}

/// The last block of channels has only the vectors that it needs: its guards are constants once the
/// loop is partitioned, and what no guard lets through is not computed (24 -> 72 in tiles of 48
/// reaches 96 % of the peak).
double product_cycles(const Target& target, const Product& p, const RegisterTile& t) {
  const int blocks = p.channels / t.channels, rest = p.channels % t.channels;
  const auto most = [&](int shares) {
    return (shares + p.threads - 1) / p.threads;
  };  // of a thread
  double row = 0;
  const std::vector<Piece> pieces = divide_evenly(p.points, t.points);
  for (const Piece& piece : pieces) {
    RegisterTile tile{piece.tile, t.channels, t.lanes};
    double all_channels = blocks * tile_cycles(target, p, tile);
    tile.channels = rounded_up(rest, t.lanes);
    if (rest > 0) all_channels += tile_cycles(target, p, tile);
    const int tiles = piece.length / piece.tile, all_blocks = blocks + (rest > 0);
    const double piece_cycles = p.by_channels ? tiles * all_channels * most(all_blocks) / all_blocks
                                              : most(tiles) * all_channels;
    // A point alone uses each weight once, in whatever tiles.
    const bool streams = p.by_channels && p.points > 1;
    row += streams
               ? std::max(piece_cycles, static_cast<double>(p.weight_bytes()) / kStreamedPerCycle)
               : piece_cycles;
  }
  if (p.threads > 1 &&
      !p.by_channels) {  // lines that another core has: 2 to 5 ns each, of what is read and written
    constexpr double kLineCycles = 10, kLineElements = 16;
    row += points_elsewhere(pieces, p.points, p.threads) * (p.depth + p.channels) *
           (kLineCycles / kLineElements / p.threads);
  }
  return static_cast<double>(p.rows) * row;
}

RegisterTile best_tile(const Target& target, const Product& p, const std::vector<Knob>& knobs,
                       const std::string& points_knob) {
  RegisterTile best;
  double fewest = std::numeric_limits<double>::infinity();
  for (int lanes : values_of(knobs, "lanes"))
    for (int channels : values_of(knobs, "tile_c"))
      for (int points : values_of(knobs, points_knob)) {
        const RegisterTile t{points, channels, lanes};
        if (!product_fits(target, p, t)) continue;
        const double cycles = product_cycles(target, p, t);
        if (cycles < fewest) {
          fewest = cycles;
          best = t;
        }
      }
  return best;
}

/// Counted on NEON: 5 x 16 results with GELU take 470 instructions one by one and 565 unrolled, 116
/// of them spills; 4 x 2 of a depthwise with SiLU 375 and 335.
bool finishes_one_by_one(const Site& site, int accumulators) {
  constexpr int kConstants = 20;  // and what is on its way
  if (site.target.memory_operands || accumulators + kConstants <= site.target.vector_registers)
    return false;
  const auto is_polynomial = [](const Epilogue& e) {
    return e.kind == Epilogue::act &&
           (e.function == Act::silu || e.function == Act::sigmoid || e.function == Act::gelu);
  };
  const auto& epilogue = site.o().epilogue;
  return std::any_of(epilogue.begin(), epilogue.end(), is_polynomial);
}

std::vector<TileNest> tile_nests(const Site& site, const std::vector<Piece>& pieces, int extent,
                                 int points, int most) {
  std::vector<TileNest> nests;
  for (const Piece& piece : pieces) {
    const std::string number = std::to_string(nests.size());
    nests.push_back({.to = site.result() + ".update" + number,
                     .acc = site.name("acc") + "_" + number,
                     .is_update = true,
                     .extent = piece.length,
                     .tile = piece.tile});
  }
  if (pieces.empty())
    nests.push_back({.to = site.result(),
                     .acc = site.name("acc"),
                     .extent = extent,
                     .tile = even_tile(points, most)});
  return nests;
}

const TileNest& largest(const std::vector<TileNest>& nests) {
  return *std::max_element(nests.begin(), nests.end(), [](const TileNest& a, const TileNest& b) {
    return a.extent < b.extent;
  });
}

void tile_steps(const Site& site, const TileNest& nest, const Product& p, const RegisterTile& t,
                const std::string& points, const std::vector<std::string>& reduction, int order,
                Steps& s) {
  const std::string &to = nest.to, &acc = nest.acc, update = acc + ".update";
  const std::string outer = points + "o", inner = points + "i";
  const bool whole_blocks = p.channels % t.channels == 0;
  const char* exact = nest.is_update ? "round_up" : "";  // an update's tail never shifts
  s(to, "split", "c", "co", "ci", t.channels, whole_blocks ? exact : "guard_with_if");
  s(to, "split", points, outer, inner, nest.tile, inward_tail(nest.extent, nest.tile));
  if (order == 0)
    s(to, "reorder", "ci", inner, "co", outer);
  else if (order == 1)
    s(to, "reorder", "ci", inner, outer, "co");
  else
    s(to, "reorder", "ci", inner, outer, "y", "co");
  const auto in_registers = [&](const std::string& stage, const char* c, const std::string& x) {
    vector_steps(stage, c, t.channels, t.lanes, s);
    s(stage, "unroll", x);
  };
  vector_steps(to, "ci", t.channels, t.lanes, s);
  if (!finishes_one_by_one(site, nest.tile * vectors(t))) s(to, "unroll", inner);
  s(acc, "compute_at", to, order == 0 ? "co" : outer)(acc, "store_in", "stack");
  if (!whole_blocks) s(acc, "align_bounds", "c", t.channels);
  in_registers(acc, "c", points);
  std::vector<std::string> loops = {"c", points};
  loops.insert(loops.end(), reduction.begin(), reduction.end());
  if (p.terms > 1) {
    s(update, "split", "k", "ko", "ki", p.terms);
    std::replace(loops.begin(), loops.end(), std::string("k"), std::string("ko"));
    loops.insert(loops.begin(), "ki");
  }
  s(update, "reorder", loops);
  if (p.terms > 1) s(update, "atomic")(update, "vectorize", "ki");
  in_registers(update, "c", points);
}

std::string unroll_k_steps(const Site& site, const TileNest& nest, int channels, Steps& s) {
  const std::string update = nest.acc + ".update", inputs = nest.acc + "_in";
  const std::string loop = dot_terms(site) > 1 ? "ko" : "k";
  if (channels == 1) return loop;
  if (channels != inputs_at_once(site)) {
    s(update, "unroll", loop, channels);
    return loop;
  }
  const Source source = source_of(site);
  s(update, "split", "k", "ko", "ki", channels)(update, "unroll", "ki");
  s(source.stage, "in", inputs, nest.acc);
  s(inputs, "compute_at", update, "ko")(inputs, "store_in", "stack");
  s(inputs, "vectorize", "c", channels)(inputs, "unroll", source.points);
  return "ko";
}

void vector_steps(const std::string& stage, const char* loop, int channels, int lanes, Steps& s) {
  if (lanes > 1) s(stage, "vectorize", loop, lanes);
  if (channels > lanes || lanes == 1) s(stage, "unroll", loop);
}

void pack_weights(const Site& site, int channels_of_tile, int lanes, Steps& s) {
  if (const int terms = dot_terms(site); terms > 1) {
    if (fills_channels(site)) {
      s(site.name("w"), "round", "k", terms);
      s(site.name("acc"), "fill", "k", terms, site.name("filled"));
    }
    s(site.name("w"), "pack", "c", channels_of_tile, lanes);
    s(site.name("w"), "interleave", "k", terms);
    if (site.target.signed_dots()) s(site.name("acc"), "signed", site.name("signed"));
  } else {
    s(site.name("w"), "pack", "c", channels_of_tile);
  }
  if (site.o().out.c % channels_of_tile != 0) s(site.name("b"), "round", "c", channels_of_tile);
}

bool signed_whole(const Site& site) {
  return dot_terms(site) > 1 && site.target.signed_dots() && site.op == 0;
}

void signed_steps(const Site& site, Steps& s) {
  if (dot_terms(site) == 1 || !site.target.signed_dots()) return;
  const std::string input = site.name("signed"), weights = input + "_w";
  const int lanes = site.target.lanes();
  if (signed_whole(site))
    s(input, "compute_root")(input, "vectorize", "c", site.target.lanes(1), "guard_with_if");
  s(weights, "compute_root")(weights, "vectorize", "c", lanes, "guard_with_if");
  s(weights + ".update", "vectorize", "c", lanes, "guard_with_if");
}

std::string inward_tail(int extent, int factor) {
  return factor == 1 || (extent > 0 && extent % factor == 0) ? "" : "shift_inwards";
}

int even_tile(int extent, int most) { return divide_evenly(extent, most).front().tile; }

std::vector<int> at_most(std::vector<int> values, int most) {
  std::erase_if(values, [&](int v) { return v > most; });
  if (values.empty()) values.push_back(most);
  return values;
}

}  // namespace halcyon
