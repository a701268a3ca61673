#pragma once
#include "schedules/recipes/recipe.h"

namespace halcyon {

/// The recipe of a problem of any number of ops, composed from the ops' own. One op: its knobs as
/// they are. More: "<i>.<knob>" for op i (from 1), of which only tiles vary, around their start,
/// and "<i>.place", where the tensor after op i is computed: 0 whole, before its reader; 1 per band
/// of rows of a later op (rows that two bands need are computed twice); 2 the same, but kept from
/// band to band. "rows" is the height of the bands, "<i>.gate" what a factor per channel is
/// multiplied onto (gating.h).
std::vector<Knob> chain_knobs(const Problem&, const Target&);
bool chain_fits(const Problem&, const Target&, const Point&);
Point chain_start(const Problem&, const Target&);
/// Of one op, what its recipe names; of more, the start in every other arrangement.
std::vector<Point> chain_others(const Problem&, const Target&);
Schedule chain_expand(const Problem&, const Target&, const Point&);

/// A way to place the tensors between the ops, all else as the start has it. "root": each whole;
/// "fused 1+2": those after ops 1 and 2 in bands of a later op.
struct Arrangement {
  std::string name;
  Point point;
};
/// Every one that there is, "root" first; none of a single op.
std::vector<Arrangement> arrangements_of(const Problem&, const Target&);

}  // namespace halcyon
