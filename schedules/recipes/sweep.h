#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "schedules/recipes/recipe.h"

namespace halcyon {

/// Enough of a recipe's space to show a broken knob: the start, of one op the recipe's others, every
/// value of every knob (on its own, else beside one other knob that makes it fit), then seeded
/// points that move two knobs at once.
std::vector<Point> sweep_points(const Recipe&, const Problem&, const Target&, std::uint64_t seed);

/// "tile_c=16 tile_p=6": every knob of the recipe once, with a value that it has. Throws Error
/// (exit 2) that names the word and what is allowed.
Point parse_point(const std::string& text, const Recipe&, const Problem&, const Target&);

}  // namespace halcyon
