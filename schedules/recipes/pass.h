#pragma once
#include "schedules/recipes/op_recipe.h"

namespace halcyon {

/// What ops share that stream their input once: vectors of channels, a few of them in one body.
/// `channels` is the extent of the loop that is vectorized.
std::vector<Knob> vector_knobs(const Site&, int channels);
bool vectors_fit(const Point&);
Point vector_start(const Site&, int channels, int most_vectors);

/// A sum over the map: `to` reads `acc`, which is computed per block of channels, the rows of a
/// large map each by itself. `over`: the loop of `acc` that is left of the map's where other steps
/// have taken it apart.
void map_sum_steps(const std::string& to, const std::string& acc, const Shape& map, const Point&,
                   Steps&, const std::string& over = "");
/// Of its nest.
OuterLoop map_sum_loop(const std::string& to, int channels, const Point&, double cycles);

}  // namespace halcyon
