#pragma once
#include <map>
#include <string>
#include <vector>

#include "kernels/problem/problem.h"
#include "schedules/language/step.h"
#include "schedules/targets/target.h"

namespace halcyon {

/// One choice of a recipe, as integers. Loop orders and yes/no are integers too; `help` says which.
struct Knob {
  std::string name;         // "tile_x"; in a chain "2.tile_x" for op 2
  std::vector<int> values;  // all that may be tried for this problem and target; never empty
  std::string help;
};
using Point = std::map<std::string, int>;
std::string to_text(const Point&);  // "tile_c=16 tile_x=6"

/// Turns knobs into steps for the problems it accepts. One file per kernel word in schedules/, plus
/// schedules/recipes/chain.cpp for problems of more than one op, composed from the ops' own
/// recipes.
struct Recipe {
  std::string name;  // "pw", "chain"
  /// The knobs for this problem on this target; values that never fit are left out.
  std::vector<Knob> (*knobs)(const Problem&, const Target&);
  /// Whether the point makes sense (a tile that fits the registers, a split that divides, ...).
  bool (*fits)(const Problem&, const Target&, const Point&);
  /// The analytic start, from the target's facts alone. Always fits.
  Point (*start)(const Problem&, const Target&);
  /// What is worth a trial early in a search, beside the start. Each fits.
  std::vector<Point> (*others)(const Problem&, const Target&);
  Schedule (*expand)(const Problem&, const Target&, const Point&);
  /// A point whose hot loop stores more vectors on the stack per multiply-add is not worth timing.
  double most_spills = 0.25;
};

/// The recipe for a problem: the op's own for one op, `chain` for more.
const Recipe& recipe_for(const Problem&);
/// Every point of the space that fits; odometer order, first knob fastest.
std::vector<Point> all_points(const Recipe&, const Problem&, const Target&);

}  // namespace halcyon
