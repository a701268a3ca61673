#pragma once
#include <string>
#include <vector>

#include "kernels/problem/problem.h"
#include "schedules/recipes/recipe.h"

namespace halcyon {

/// A point that won on another problem.
struct KnownPoint {
  std::string problem;  // canonical line
  Point point;
};

/// How unlike two problems are: logarithms (base 2) of the ratios of their extents, summed over
/// the input and all ops. Infinite when their ops are not the same words in the same order.
double unlikeness(const Problem&, const Problem&);

/// Points of the problems most like this one, nearest first; at most `most`, never of the problem
/// itself. Where two are as near, the later one in the list comes first.
std::vector<Point> points_of_nearest(const Problem&, const std::vector<KnownPoint>&,
                                     std::size_t most);

}  // namespace halcyon
