#pragma once
#include "schedules/recipes/tile.h"

namespace halcyon {

/// What pw and linear share: a product over flattened points, knob tile_p.
std::vector<Knob> flat_product_knobs(const Site&);
bool flat_product_fits(const Site&, const Point&);
Point flat_product_start(const Site&);
void flat_product_pack(const Site&, const Point&, Steps&);
void flat_product_steps(const Site&, const Frame&, const Point&, const std::vector<Piece>&, Steps&);
std::vector<OuterLoop> flat_product_loops(const Site&, const Frame&, const Point&,
                                          const std::vector<Piece>&);

}  // namespace halcyon
