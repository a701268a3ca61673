#pragma once
#include "schedules/recipes/op_recipe.h"

namespace halcyon {

/// What ops share that stream their input once: vectors of channels, a few of them in one body.
/// `channels` is the extent of the loop that is vectorized.
std::vector<Knob> vector_knobs(const Site&, int channels);
bool vectors_fit(const Site&, const Point&);
Point vector_start(const Site&, int channels, int most_vectors);

}  // namespace halcyon
