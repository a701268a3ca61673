#pragma once
#include "schedules/recipes/op_recipe.h"

namespace halcyon {

/// The recipe of ops that make each element of one of their input: points, vectors of channels.
std::vector<Knob> elementwise_knobs(const Site&);
bool elementwise_fits(const Site&, const Point&);
Point elementwise_start(const Site&);
void elementwise_steps(const Site&, const Frame&, const Point&, const std::vector<Piece>&, Steps&);
std::vector<OuterLoop> elementwise_loops(const Site&, const Frame&, const Point&,
                                         const std::vector<Piece>&);

}  // namespace halcyon
