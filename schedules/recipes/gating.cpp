#include "schedules/recipes/gating.h"

#include "schedules/recipes/sharing.h"
#include "schedules/recipes/tile.h"

namespace halcyon {
namespace {

std::string gated_weights(const Site& site) { return site.problem.name("gw", site.op + 1); }

/// An op that is nothing but a factor per channel.
bool is_scale(const Op& o) {
  return o.word() == "map" && o.epilogue.size() == 1 && o.epilogue[0].kind == Epilogue::scale;
}

}  // namespace

bool may_gate_weights(const Problem& problem, int op) {
  // Below f32 the product with the map is rounded, which one with weights is not.
  if (problem.dtype() != DType::f32) return false;
  if (op + 1 >= static_cast<int>(problem.ops().size()) || problem.input().n > 1) return false;
  const Op &o = problem.ops()[op], &reader = problem.ops()[op + 1];
  const bool gates = (o.word() == "se" && o.epilogue.empty()) || is_scale(o);
  return gates && reader.word() == "pw" && reader.groups == 1;
}

GateOn analytic_gate(const Problem& problem, int op, int threads) {
  const Shape& out = problem.ops()[op + 1].out;
  return out.c * (threads > 1 ? 5 : 1) < out.h * out.w ? GateOn::weights : GateOn::map;
}

void gate_rewrite(const Site& site, Steps& s) { s(site.result(), "gate", gated_weights(site)); }

void gate_pack(const Site& site, int tile_c, Steps& s) {
  s(gated_weights(site), "pack", "c", tile_c);
}

void gate_steps(const Site& site, int tile_c, Steps& s) {
  s(gated_weights(site), "compute_root");
  vector_steps(gated_weights(site), "ci", tile_c, std::min(tile_c, site.target.lanes()), s);
}

OuterLoop gate_loop(const Site& site, int tile_c) {
  const Op& reader = site.problem.ops()[site.op + 1];
  const double bytes = 2.0 * reader.in.c * reader.out.c * bytes_of(site.problem.dtype());
  return {gated_weights(site), "co", (reader.out.c - 1) / tile_c + 1, moving_cycles(bytes)};
}

}  // namespace halcyon
