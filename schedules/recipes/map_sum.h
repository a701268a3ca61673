#pragma once
#include "schedules/recipes/op_recipe.h"

namespace halcyon {

/// A sum over the map: `to` reads `acc`, which is computed per block of channels, the rows of a
/// large map each by itself. `over`: the loop of `acc` that is left of the map's where other steps
/// have taken it apart.
void map_sum_steps(const std::string& to, const std::string& acc, const Shape& map, const Point&,
                   Steps&, const std::string& over = "");
/// Of its nest.
OuterLoop map_sum_loop(const std::string& to, int channels, const Point&, double cycles);

/// What gap and tokensum share, which are such a sum of their input and nothing else.
std::vector<Knob> map_sum_knobs(const Site&);
Point map_sum_start(const Site&);
void map_sum_op_steps(const Site&, const Frame&, const Point&, const std::vector<Piece>&, Steps&);
std::vector<OuterLoop> map_sum_op_loops(const Site&, const Frame&, const Point&,
                                        const std::vector<Piece>&);

}  // namespace halcyon
