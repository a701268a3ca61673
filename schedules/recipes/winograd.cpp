#include "schedules/recipes/winograd.h"

#include <algorithm>
#include <limits>

#include "schedules/language/winograd.h"
#include "schedules/recipes/sharing.h"

namespace halcyon {
namespace {

int tiles_of(int extent, int results) { return (extent - 1) / results + 1; }

/// A map in tiles, and how they are computed.
struct Tiles {
  int results = 2, inputs = 4;
  int x = 1, y = 1;        // of an image
  int at_x = 1, at_y = 1;  // of a register tile
  int band = 1;            // rows of them
};

Tiles tiles_of(const Site& site, const Point& p) {
  const Op& o = site.o();
  Tiles t;
  t.results = p.at("winograd");
  t.inputs = t.results + 2;
  t.x = tiles_of(o.out.w, t.results);
  t.y = tiles_of(o.out.h, t.results);
  t.band = std::min(p.at("band"), t.y);
  t.at_x = even_tile(t.x, p.at("tile_x"));
  t.at_y = std::clamp(p.at("tile_x") / t.at_x, 1, t.band);
  return t;
}

/// All products of one place in the tiles of a band, those of tiles that overlap and of channels
/// that nobody reads included.
Product product_of(const Site& site, const Tiles& t, int channels_of_tile) {
  const Op& o = site.o();
  const int channels = rounded_up(o.out.c, channels_of_tile);
  return {.points = rounded_up(t.x, t.at_x) * rounded_up(t.band, t.at_y),
          .channels = channels,
          .depth = o.in.c,
          .group_channels = channels,
          .rows = std::int64_t{o.out.n} * t.inputs * t.inputs * tiles_of(t.y, t.band)};
}

std::int64_t band_bytes(const Site& site, const Tiles& t, int band) {
  return std::int64_t{4} * t.inputs * t.inputs * t.x * band * site.o().in.c;
}

/// Lanes of the vectors of input channels.
int input_lanes(const Site& site) {
  int lanes = site.target.lanes();
  while (lanes > site.o().in.c) lanes /= 2;
  return lanes;
}

/// Input channels in one body of the sum: four gain nothing over two.
int unrolled(const Site& site) { return site.o().in.c % 2 == 0 ? 2 : 1; }

std::int64_t weight_bytes(const Site& site, const Tiles& t) {
  return std::int64_t{4} * t.inputs * t.inputs * site.o().in.c * site.o().out.c;
}

/// Weights that stay in L2 are read from there for every band: as few rows as fill the registers
/// leave it to them (56x56x64: one row 264 % of the sum's peak, seven 226). Those that do not come
/// once for as many rows as L2 holds.
int band_start(const Site& site, const std::vector<int>& bands, Point p) {
  constexpr int kEnoughTiles = 12;
  int best = 1;
  for (int band : bands) {  // ascending
    p["band"] = band;
    const Tiles t = tiles_of(site, p);
    const std::int64_t bytes = band_bytes(site, t, band);
    if (band > t.y || bytes > site.target.l2_bytes / 2) break;
    if (weight_bytes(site, t) <= site.target.l2_bytes / 2 && best * t.x >= kEnoughTiles) break;
    if (tiles_of(t.y, band) % site.target.threads == 0) best = band;
  }
  return best;
}

/// Of a point's products by the model, of the transforms, which take two instructions for each of a
/// tile's inputs squared, two a cycle, and of weights that stream.
double cycles_of(const Site& site, const Point& p) {
  const Tiles t = tiles_of(site, p);
  const RegisterTile tile{p.at("tile_x"), p.at("tile_c"), p.at("lanes")};
  const int lanes = site.target.lanes(), inputs = t.inputs * t.inputs;
  const auto vectors = [&](int channels) { return (channels - 1) / lanes + 1; };
  const double transforms = 2.0 * inputs * t.x * t.y * site.o().out.n *
                            (vectors(site.o().in.c) + vectors(site.o().out.c));
  return product_cycles(site.target, product_of(site, t, tile.channels), tile) + transforms +
         streaming_cycles(site.target, weight_bytes(site, t));
}

}  // namespace

bool may_be_by_tiles(const Site& site) {
  const Op& o = site.o();
  const auto dense = [](const Window& w) {
    return w.kernel == 3 && w.stride == 1 && w.dilation == 1;
  };
  return site.problem.dtype() == DType::f32 && site.problem.ops().size() == 1 && o.groups == 1 &&
         dense(o.w) && dense(o.h);
}

bool is_by_tiles(const Point& p) {
  const auto results = p.find("winograd");
  return results != p.end() && results->second > 0;
}

std::vector<Knob> winograd_knobs(const Site& site) {
  const int rows = tiles_of(site.o().out.h, 2);
  std::vector<int> bands = {1};
  for (int band : {2, 4, 7, 14, tiles_of(site.o().out.h, 4), rows})
    if (band <= rows) bands.push_back(band);
  std::sort(bands.begin(), bands.end());
  bands.erase(std::unique(bands.begin(), bands.end()), bands.end());
  return {{"winograd",
           {0, 2, 4},
           "results of a tile of Winograd's along an axis; 0: sums as they stand"},
          {"band", bands, "rows of Winograd's tiles that are transformed at once"}};
}

bool winograd_fits(const Site& site, const Point& p) {
  constexpr int kLeastTiles = 4;  // fewer leave the products waiting for weights
  const Tiles t = tiles_of(site, p);
  const RegisterTile tile{t.at_x * t.at_y, p.at("tile_c"), p.at("lanes")};
  const bool is_whole = tile.points == p.at("tile_x") && t.band == p.at("band") &&
                        (tile.points >= kLeastTiles || t.x * t.band < 2 * kLeastTiles);
  const int order = p.at("order");  // one thread gains nothing by channels outside of bands
  return is_whole && product_fits(site.target, product_of(site, t, tile.channels), tile) &&
         p.at("pad") == 0 && p.at("unroll_kx") == 0 && p.at("unroll_k") == unrolled(site) &&
         p.at("ahead") == 0 && (order == 0 || (order == 2 && site.target.threads > 1));
}

Point winograd_start(const Site& site, const std::vector<Knob>& knobs, int results, Point p) {
  p["winograd"] = results;
  p["pad"] = p["unroll_kx"] = p["order"] = p["ahead"] = 0;
  p["unroll_k"] = unrolled(site);
  p["band"] = p["tile_x"] = 1;
  p["band"] = band_start(site, values_of(knobs, "band"), p);
  Point best = p;
  double fewest = std::numeric_limits<double>::infinity();
  for (int lanes : values_of(knobs, "lanes"))
    for (int channels : values_of(knobs, "tile_c"))
      for (int points : values_of(knobs, "tile_x")) {
        p["lanes"] = lanes, p["tile_c"] = channels, p["tile_x"] = points;
        if (!winograd_fits(site, p)) continue;
        if (const double cycles = cycles_of(site, p); cycles < fewest) fewest = cycles, best = p;
      }
  best["order"] = balanced_order(0, {2}, site.target.threads, [&](int order) {
    best["order"] = order;
    return winograd_loops(site, best);
  });
  return best;
}

double streaming_cycles(const Target& target, std::int64_t weight_bytes) {
  constexpr double kStreamedPerCycle = 8;
  return weight_bytes > target.l2_bytes ? static_cast<double>(weight_bytes) / kStreamedPerCycle : 0;
}

Point best_start(const Site& site, const std::vector<Knob>& knobs, Point direct,
                 double direct_cycles) {
  // Measured with memory operands only; where every load is an instruction, the inner loop would
  // have to take its inputs by the vector, as the sum as it stands does.
  if (!may_be_by_tiles(site) || !site.target.memory_operands) return direct;
  const int lanes = site.target.lanes();  // fewer channels leave transforms half empty
  if (site.o().in.c < lanes || site.o().out.c < lanes) return direct;
  constexpr double kGain = 1.2;  // what the model may err by
  Point best = direct;
  double fewest = direct_cycles / kGain;
  for (int results : {2, 4}) {
    const Point p = winograd_start(site, knobs, results, direct);
    if (const double cycles = cycles_of(site, p); winograd_fits(site, p) && cycles < fewest) {
      fewest = cycles;
      best = p;
    }
  }
  return best;
}

void winograd_pack(const Site& site, const Point& p, Steps& s) {
  s(site.name("w"), "winograd", p.at("winograd"), site.name("tiles"));
  s(site.name("w"), "pack", "c", p.at("tile_c"));
  if (site.o().out.c % p.at("tile_c") != 0) s(site.name("b"), "round", "c", p.at("tile_c"));
}

void winograd_steps(const Site& site, const Point& p, Steps& s) {
  const Op& o = site.o();
  const Tiles t = tiles_of(site, p);
  const int m = t.results, lanes = p.at("lanes"), channels = p.at("tile_c");
  const std::string out = site.result(), acc = site.name("acc"), update = acc + ".update",
                    tiles = site.name("tiles"), rows = tiles + "_rows",
                    products = tiles + "_products", columns = tiles + "_columns";
  const bool by_channels = p.at("order") == 2;
  const auto tail = [](int extent, int factor) {
    return extent % factor == 0 ? "" : "guard_with_if";
  };
  s(out, "split", "y", "band", "y", t.band * m, tail(o.out.h, t.band * m));
  s(out, "split", "y", "y", "v", m)(out, "split", "x", "x", "u", m, tail(o.out.w, m));
  s(out, "split", "c", "co", "c", channels, tail(o.out.c, channels));
  s(out, "split", "c", "c", "ci", lanes);
  if (by_channels)
    s(out, "reorder", "ci", "u", "v", "c", "x", "y", "band", "co");
  else
    s(out, "reorder", "ci", "u", "v", "c", "x", "y", "co", "band");
  s(out, "vectorize", "ci")(out, "unroll", "u")(out, "unroll", "v");
  s(columns, "compute_at", out, "c")(columns, "store_in", "stack")(columns, "vectorize", "c",
                                                                   lanes);
  s(columns, "unroll", "u")(columns, "unroll", "v");
  if (o.out.c % channels != 0) s(columns, "align_bounds", "c", lanes);

  s(products, "compute_at", out, by_channels ? "band" : "co");
  if (o.out.c % channels != 0) s(products, "align_bounds", "c", channels);
  if (o.out.h % (t.band * m) != 0) s(products, "bound_extent", "y", t.band);
  s(products, "split", "x", "xo", "xi", t.at_x, inward_tail(t.x, t.at_x));
  s(products, "split", "y", "yo", "yi", t.at_y, inward_tail(t.band, t.at_y));
  s(products, "reorder", "c", "xi", "yi", "xo", "yo", "u", "v");
  vector_steps(products, "c", channels, lanes, s);
  s(products, "unroll", "xi")(products, "unroll", "yi");
  s(acc, "compute_at", products, "xo")(acc, "store_in", "stack");
  s(update, "reorder", "c", "x", "y", "k");
  for (const std::string& stage : {acc, update}) {
    vector_steps(stage, "c", channels, lanes, s);
    s(stage, "unroll", "x")(stage, "unroll", "y");
  }
  if (p.at("unroll_k") > 1) s(update, "unroll", "k", p.at("unroll_k"));

  if (by_channels)
    s(tiles, "compute_root");
  else
    s(tiles, "compute_at", out, "band");
  const int inputs = input_lanes(site);
  if (!by_channels && o.out.h % (t.band * m) != 0) s(tiles, "bound_extent", "y", t.band);
  s(tiles, "split", "c", "co", "ci", inputs, inward_tail(o.in.c, inputs));
  s(tiles, "reorder", "ci", "u", "v", "co", "x", "y");
  s(tiles, "vectorize", "ci")(tiles, "unroll", "u")(tiles, "unroll", "v");
  s(rows, "compute_at", tiles, "co")(rows, "store_in", "stack")(rows, "vectorize", "c", inputs);
  s(rows, "unroll", "u")(rows, "unroll", "r");
}

std::vector<OuterLoop> winograd_loops(const Site& site, const Point& p) {
  const Op& o = site.o();
  const Tiles t = tiles_of(site, p);
  const double share = static_cast<double>(t.inputs * t.inputs) / (9 * t.results * t.results);
  const double cycles = op_cycles(site) * share;
  if (p.at("order") == 0) return {{site.result(), "band", tiles_of(t.y, t.band), cycles}};
  return {
      {site.result(), "co", tiles_of(o.out.c, p.at("tile_c")), cycles},
      {site.name("tiles"), "y", t.y, moving_cycles(static_cast<double>(band_bytes(site, t, t.y)))}};
}

}  // namespace halcyon
