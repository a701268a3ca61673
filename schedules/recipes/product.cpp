#include "schedules/recipes/product.h"

#include "schedules/recipes/ahead.h"
#include "schedules/recipes/sharing.h"

namespace halcyon {
namespace {

constexpr int kMostUnrolled = 128;  // vector multiply-adds in the body of the k loop

Product product_of(const Site& site) {
  const Op& o = site.o();
  return {.points = o.out.n * o.out.h * o.out.w,
          .channels = o.out.c,
          .depth = o.in.c / o.groups,
          .group_channels = o.out.c / o.groups,
          .inputs_at_once = inputs_at_once(site),
          .terms = dot_terms(site),
          .element_bytes = bytes_of(site.problem.dtype())};
}

/// Whether each block of channels passes over all points. Weights that outgrow half of L2 are read
/// once so; and of a map whose rows do not divide among the threads, depthwise neighbours share the
/// channels: 49 points in two halves took 1.6 times as long as the blocks of channels do.
bool channels_go_outermost(const Site& site, const Product& p) {
  const bool heavy = p.weight_bytes() > site.target.l2_bytes / 2;
  const OuterLoop rows{site.result(), "y", site.o().out.h, 1};
  return heavy || balance({rows}, site.target.threads) < 0.95;
}

/// Dot products take a quarter of the time that FMAs do, and loads stand out more: of weights that
/// L1 does not keep a block stays there while all points pass, where those are fewer bytes (14x14,
/// 192 -> 384: 0.88 of the time).
bool blocks_stay(const Site& site, const Product& p) {
  const std::int64_t points = std::int64_t{p.points} * site.o().in.c * p.element_bytes;
  return p.terms > 1 && p.weight_bytes() > site.target.l1d_bytes && p.weight_bytes() > points;
}

std::vector<TileNest> nests_of(const Site& site, const Frame& frame, const Point& p,
                               const std::vector<Piece>& pieces) {
  return tile_nests(site, pieces, frame.extent(product_of(site).points), frame.points(site.o().out),
                    p.at("tile_p"));
}

RegisterTile tile_of(const Point& p) { return {p.at("tile_p"), p.at("tile_c"), p.at("lanes")}; }

}  // namespace

std::vector<Knob> flat_product_knobs(const Site& site) {
  const Product product = product_of(site);
  std::vector<Knob> knobs = product_knobs(site.target, product, "tile_p");
  std::vector<int> unrolls = {1};
  for (int k : {2, 4})
    if (product.steps() % k == 0) unrolls.push_back(k);
  knobs.push_back({"order", {0, 1}, "channel blocks: 0 inside the points, 1 outside them"});
  knobs.push_back({"unroll_k", unrolls, "steps of the sum in one body of the k loop"});
  knobs.push_back(ahead_knob(product, product.depth));
  return knobs;
}

bool flat_product_fits(const Site& site, const Point& p) {
  const RegisterTile tile = tile_of(p);
  return product_fits(site.target, product_of(site), tile) &&
         tile.points * (tile.channels / tile.lanes) * p.at("unroll_k") <= kMostUnrolled;
}

Point flat_product_start(const Site& site) {
  Product product = product_of(site);
  product.threads = site.target.threads;
  product.by_channels = channels_go_outermost(site, product);
  const std::vector<Knob> knobs = flat_product_knobs(site);
  const RegisterTile tile = best_tile(site.target, product, knobs, "tile_p");
  // What the k loop costs beside its products hides behind ten cycles of them; a longer body only
  // tempts LLVM to load ahead and spill (s2d 2 | pw 128 at 28x28: 77 % of the peak against 97).
  const double cycles = tile.points * tile.channels / elements_per_cycle(site.target, tile.lanes);
  const bool even = product.steps() % 2 == 0 && tile.channels > tile.lanes && cycles < 10;
  const int at_once = product.inputs_at_once;
  Point p = {{"tile_p", tile.points},
             {"tile_c", tile.channels},
             {"lanes", tile.lanes},
             {"order", product.by_channels || blocks_stay(site, product) ? 1 : 0},
             {"unroll_k", at_once > 1 ? at_once
                          : even      ? 2
                                      : 1},
             {"ahead", ahead_start(site, product, product.depth)}};
  p["order"] = balanced_order(p["order"], {0, 1}, site.target.threads, [&](int order) {
    p["order"] = order;
    return flat_product_loops(site, {}, p, divide_evenly(product.points, tile.points));
  });
  return p;
}

void flat_product_pack(const Site& site, const Point& p, Steps& s) {
  pack_weights(site, p.at("tile_c"), p.at("lanes"), s);
}

void flat_product_steps(const Site& site, const Frame& frame, const Point& p,
                        const std::vector<Piece>& pieces, Steps& s) {
  const Product product = product_of(site);
  const std::vector<TileNest> nests = nests_of(site, frame, p, pieces);
  const bool by_panels = p.at("order") == 1;
  signed_steps(site, s);
  for (const TileNest& nest : nests) {
    tile_steps(site, nest, product, tile_of(p), "p", {"k"}, p.at("order"), s);
    const std::string k = unroll_k_steps(site, nest, p.at("unroll_k"), s);
    if (p.at("ahead") && frame.whole && (by_panels || &nest == &largest(nests)))
      ahead_steps(site, nest, product, tile_of(p),
                  {k, p.at("unroll_k") * product.terms, nest.tiles(), by_panels}, s);
  }
}

std::vector<OuterLoop> flat_product_loops(const Site& site, const Frame& frame, const Point& p,
                                          const std::vector<Piece>& pieces) {
  const Product product = product_of(site);
  std::vector<OuterLoop> loops;
  for (const TileNest& nest : nests_of(site, frame, p, pieces)) {
    const int points = nest.extent > 0 ? nest.extent : frame.points(site.o().out);
    const int tiles = (points - 1) / nest.tile + 1;
    const int blocks = (product.channels - 1) / p.at("tile_c") + 1;
    const double cycles = op_cycles(site) * points / product.points;
    loops.push_back(p.at("order") == 0 ? OuterLoop{nest.to, "po", tiles, cycles}
                                       : OuterLoop{nest.to, "co", blocks, cycles});
  }
  return loops;
}

}  // namespace halcyon
