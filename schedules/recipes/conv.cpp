#include "schedules/recipes/ahead.h"
#include "schedules/recipes/sharing.h"
#include "schedules/recipes/tile.h"
#include "schedules/recipes/winograd.h"

namespace halcyon {
namespace {

constexpr int kMostUnrolled = 256;  // vector multiply-adds in the innermost body

/// Input channels of a result, those that fill them up included.
int block(const Site& site) {
  const int channels = site.o().in.c / site.o().groups, terms = dot_terms(site);
  return (channels + terms - 1) / terms * terms;
}

/// The points of a row are tiled: the map is padded, so rows cannot be one axis.
Product product_of(const Site& site) {
  const Op& o = site.o();
  return {.points = o.out.w,
          .channels = o.out.c,
          .depth = block(site) * o.w.kernel * o.h.kernel,
          .group_channels = o.out.c / o.groups,
          .rows = std::int64_t{o.out.n} * o.out.h,
          .inputs_at_once = inputs_at_once(site),
          .terms = dot_terms(site),
          .element_bytes = bytes_of(site.problem.dtype())};
}

RegisterTile tile_of(const Point& p) { return {p.at("tile_x"), p.at("tile_c"), p.at("lanes")}; }

int products_in_body(const Site& site, const Point& p) {
  const RegisterTile tile = tile_of(p);
  return tile.points * (tile.channels / tile.lanes) * p.at("unroll_k") *
         (p.at("unroll_kx") ? site.o().w.kernel : 1);
}

/// What is outside reads the zero point in i8, which counts.
bool may_leave_out_rows(const Site& site) {
  const Op& o = site.o();
  return site.problem.dtype() != DType::i8 && leaves_input(o.h, o.in.h, o.out.h);
}

std::vector<Knob> knobs(const Site& site) {
  const Op& o = site.o();
  std::vector<Knob> all = product_knobs(site.target, product_of(site), "tile_x");
  std::vector<int> unrolls = {1};
  const int steps = block(site) / dot_terms(site);
  for (int k : {2, 3, 4})
    if (steps % k == 0 && (k != 3 || steps == 3)) unrolls.push_back(k);
  const auto yes_no = [](bool yes) { return yes ? std::vector<int>{0, 1} : std::vector<int>{0}; };
  all.push_back(
      {"order", {0, 1, 2}, "channel blocks: 0 inside columns, 1 inside rows, 2 outermost"});
  all.push_back({"unroll_k", unrolls, "steps of the sum in one body of the k loop"});
  all.push_back({"unroll_kx", yes_no(o.w.kernel > 1),
                 "1: the taps of a window's row are innermost and unrolled"});
  all.push_back(ahead_knob(product_of(site), block(site)));
  all.push_back({"pad", yes_no(may_leave_out_rows(site)),
                 "rows outside: 0 read as zeros, 1 left out of the sum"});
  if (may_be_by_tiles(site))
    for (const Knob& knob : winograd_knobs(site)) all.push_back(knob);
  return all;
}

bool fits(const Site& site, const Point& p) {
  if (is_by_tiles(p)) return winograd_fits(site, p);
  const RegisterTile tile = tile_of(p);
  return product_fits(site.target, product_of(site), tile) &&
         products_in_body(site, p) <= kMostUnrolled && (p.at("order") == 2 || p.at("ahead") == 0) &&
         (!p.contains("band") || p.at("band") == 1);
}

std::vector<OuterLoop> outer_loops(const Site& site, const Frame& frame, const Point& p,
                                   const std::vector<Piece>& pieces) {
  if (is_by_tiles(p)) return winograd_loops(site, p);
  const Product product = product_of(site);
  const int blocks = (product.channels - 1) / p.at("tile_c") + 1;
  std::vector<OuterLoop> loops;
  for (const TileNest& nest :
       tile_nests(site, pieces, frame.extent(product.points), frame.columns, p.at("tile_x"))) {
    const double cycles =
        op_cycles(site) * (nest.is_update ? nest.extent : product.points) / product.points;
    loops.push_back(p.at("order") < 2 ? OuterLoop{nest.to, "y", frame.rows, cycles}
                                      : OuterLoop{nest.to, "co", blocks, cycles});
  }
  return loops;
}

/// Of the sum as it stands.
Point direct_start(const Site& site) {
  const std::vector<Knob> all = knobs(site);
  const Product product = product_of(site);
  const RegisterTile tile = best_tile(site.target, product, all, "tile_x");
  // Weights that outgrow L2 are read once: each block of channels passes over the whole map.
  const bool heavy = product.weight_bytes() > site.target.l2_bytes;
  Point p = {{"tile_x", tile.points},
             {"tile_c", tile.channels},
             {"lanes", tile.lanes},
             {"order", heavy ? 2 : 0},
             {"unroll_k", product.inputs_at_once},
             {"unroll_kx", 0},
             {"pad", may_leave_out_rows(site)},
             {"ahead", 0}};
  if (may_be_by_tiles(site)) p["winograd"] = 0, p["band"] = 1;
  if (block(site) <= 4) {  // a stem; a whole row of taps in one body spills with few registers
    p["unroll_k"] = block(site) / product.terms;
    p["unroll_kx"] = site.o().w.kernel > 1 && site.target.vector_registers >= 32 &&
                     site.target.memory_operands && tile.channels > tile.lanes;
  }
  if (products_in_body(site, p) > kMostUnrolled) p["unroll_kx"] = 0;
  p["order"] = balanced_order(p["order"], {0, 2}, site.target.threads, [&](int order) {
    p["order"] = order;
    return outer_loops(site, {.rows = site.o().out.h}, p, {});
  });
  if (p["order"] == 2) p["ahead"] = ahead_start(site, product, block(site));
  return p;
}

Point start(const Site& site) {
  const Point direct = direct_start(site);
  const Product product = product_of(site);
  return best_start(site, knobs(site), direct,
                    product_cycles(site.target, product, tile_of(direct)) +
                        streaming_cycles(site.target, product.weight_bytes()));
}

std::vector<Point> others(const Site& site) {
  const Point direct = direct_start(site);
  if (!may_be_by_tiles(site)) return {};
  return {direct, winograd_start(site, knobs(site), 2, direct),
          winograd_start(site, knobs(site), 4, direct)};
}

void pack(const Site& site, const Point& p, Steps& s) {
  if (is_by_tiles(p)) return winograd_pack(site, p, s);
  pack_weights(site, p.at("tile_c"), p.at("lanes"), s);
}

void schedule(const Site& site, const Frame& frame, const Point& p,
              const std::vector<Piece>& pieces, Steps& s) {
  if (is_by_tiles(p)) return winograd_steps(site, p, s);
  const Product product = product_of(site);
  const int unroll_k = p.at("unroll_k");
  const bool unroll_kx = p.at("unroll_kx");
  const std::vector<std::string> reduction = unroll_kx ? std::vector<std::string>{"kx", "k", "ky"}
                                                       : std::vector<std::string>{"k", "kx", "ky"};
  const std::vector<TileNest> nests =
      tile_nests(site, pieces, frame.extent(product.points), frame.columns, p.at("tile_x"));
  signed_steps(site, s);
  for (const TileNest& nest : nests) {
    tile_steps(site, nest, product, tile_of(p), "x", reduction, p.at("order"), s);
    const std::string update = nest.acc + ".update";
    std::string k = product.terms > 1 ? "ko" : "k";
    if (unroll_kx) s(update, "unroll", "kx");
    if (unroll_k > 1 && unroll_k == block(site) / product.terms && product.inputs_at_once == 1)
      s(update, "unroll", k);
    else
      k = unroll_k_steps(site, nest, unroll_k, s);
    s(nest.acc, "unroll", "y")(update, "unroll", "y");
    if (&nest == &nests.front() && fills_channels(site) && !signed_whole(site)) {
      const std::string filled = site.name("filled");
      s(filled, "compute_at", nest.to, p.at("order") < 2 ? "y" : "co")(filled, "vectorize", "c");
    }
    if (p.at("ahead") && frame.whole)
      ahead_steps(site, nest, product, tile_of(p),
                  {k, unroll_k * product.terms * (unroll_kx ? site.o().w.kernel : 1),
                   product.rows * nest.tiles(), true},
                  s);
  }
}

}  // namespace

extern const OpRecipe conv_recipe{.word = "conv",
                                  .reads = Reads::window,
                                  .divide_knob = "tile_x",
                                  .divide_axis = "x",
                                  .divides = [](const Point& p) { return !is_by_tiles(p); },
                                  .knobs = knobs,
                                  .fits = fits,
                                  .start = start,
                                  .others = others,
                                  .pack = pack,
                                  .schedule = schedule,
                                  .outer_loops = outer_loops};

}  // namespace halcyon
