#pragma once
#include "schedules/recipes/op_recipe.h"

namespace halcyon {

/// What dw and maxpool share: every channel on its own, a tile of columns x rows x vectors of
/// channels in registers while the window runs.
std::vector<Knob> window_knobs(const Site&);
bool window_fits(const Site&, const Point&);
Point window_start(const Site&);
std::vector<Point> window_others(const Site&);
std::vector<OuterLoop> window_loops(const Site&, const Frame&, const Point&,
                                    const std::vector<Piece>&);
void window_pack(const Site&, const Point&, Steps&);
void window_steps(const Site&, const Frame&, const Point&, const std::vector<Piece>&, Steps&);

}  // namespace halcyon
