#pragma once
#include <string>

#include "schedules/recipes/recipe.h"

namespace halcyon {

/// "tile_c=16 tile_p=6", as to_text() writes a point: each knob once, not none. Whether a problem's
/// recipe has it shows where that is known: parse_point(). Error (exit 2) that names the word.
Point point_from_text(const std::string&);

}  // namespace halcyon
