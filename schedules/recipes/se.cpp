#include <algorithm>

#include "schedules/recipes/map_sum.h"
#include "schedules/recipes/pass.h"
#include "schedules/recipes/sharing.h"
#include "schedules/recipes/tile.h"

namespace halcyon {
namespace {

/// `tile_c` blocks the channels of the map's passes; `panel` those of the two layers, whose weights
/// are packed in panels.
std::vector<Knob> knobs(const Site& site) {
  const int lanes = site.target.lanes();
  std::vector<Knob> all = vector_knobs(site, site.o().in.c);
  std::vector<int> panels;
  for (int vectors : {1, 2, 4, 8})
    if (lanes * vectors < site.o().in.c + lanes) panels.push_back(lanes * vectors);
  all.push_back({"panel", panels, "outputs of a layer in registers"});
  all.push_back({"unroll_k", {1, 4}, "inputs of a layer in one body"});
  return all;
}

Point start(const Site& site) {
  Point p = vector_start(site, site.o().in.c, 4);
  const auto panels = knobs(site)[2].values;
  p["panel"] = at_most(panels, 4 * site.target.lanes()).back();
  p["unroll_k"] = 1;
  return p;
}

void pack(const Site& site, const Point& p, Steps& s) {
  const auto layer = [&](const char* weights, const char* bias, int outputs) {
    s(site.name(weights), "pack", "c", p.at("panel"));
    if (outputs % p.at("panel") != 0) s(site.name(bias), "round", "c", p.at("panel"));
  };
  layer("wr", "br", site.o().squeeze);
  layer("we", "be", site.o().in.c);
}

void schedule(const Site& site, const Frame& frame, const Point& p, const std::vector<Piece>&,
              Steps& s) {
  const Op& o = site.o();
  const int lanes = site.target.lanes(), panel = p.at("panel");
  s(site.name("mean"), "compute_root");
  map_sum_steps(site.name("mean"), site.name("sum"), o.in, p, s);
  const auto layer = [&](const char* result, const char* acc_base, int inputs, int outputs) {
    const std::string to = site.name(result), acc = site.name(acc_base), update = acc + ".update";
    const bool whole = outputs % panel == 0;
    s(to, "compute_root");
    s(to, "split", "c", "co", "ci", panel, whole ? "" : "guard_with_if");
    vector_steps(to, "ci", panel, lanes, s);
    s(acc, "compute_at", to, "co")(acc, "store_in", "stack");
    if (!whole) s(acc, "align_bounds", "c", panel);
    vector_steps(acc, "c", panel, lanes, s);
    s(update, "reorder", "c", "k");
    vector_steps(update, "c", panel, lanes, s);
    if (inputs % p.at("unroll_k") == 0 && p.at("unroll_k") > 1)
      s(update, "unroll", "k", p.at("unroll_k"));
  };
  layer("red", "accr", o.in.c, o.squeeze);
  layer("gate", "acce", o.squeeze, o.in.c);
  if (frame.gone) return;
  const int block = p.at("tile_c");
  s(site.result(), "split", "c", "co", "ci", block, inward_tail(o.out.c, block));
  vector_steps(site.result(), "ci", block, p.at("lanes"), s);
}

/// Of its cycles, each layer has the half that is not the map's, and the map is passed over twice.
std::vector<OuterLoop> outer_loops(const Site& site, const Frame& frame, const Point& p,
                                   const std::vector<Piece>&) {
  const Op& o = site.o();
  const double all = op_cycles(site);
  const double layers = all * 2 * o.squeeze / (2 * o.squeeze + 2 * o.in.h * o.in.w);
  const auto blocks = [&](int outputs) { return (outputs - 1) / p.at("panel") + 1; };
  std::vector<OuterLoop> loops = {map_sum_loop(site.name("mean"), o.in.c, p, (all - layers) / 2),
                                  {site.name("red"), "co", blocks(o.squeeze), layers / 2},
                                  {site.name("gate"), "co", blocks(o.in.c), layers / 2}};
  if (!frame.gone) loops.push_back({site.result(), "y", o.out.h, (all - layers) / 2});
  return loops;
}

}  // namespace

extern const OpRecipe se_recipe{.word = "se",
                                .knobs = knobs,
                                .fits = vectors_fit,
                                .start = start,
                                .pack = pack,
                                .schedule = schedule,
                                .outer_loops = outer_loops};

}  // namespace halcyon
