#pragma once
#include <string>
#include <vector>

#include "kernels/problem/problem.h"

namespace halcyon {

/// "pointwise, K >= 80", "depthwise 3x3 s1, maps of 56 and up", ...: the row of the summary that a
/// problem falls in; used where a suite does not say.
std::string class_of(const Problem&);
/// Every class, in the order in which a summary lists them.
std::vector<std::string> class_names();

}  // namespace halcyon
