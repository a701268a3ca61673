#pragma once
#include <string>
#include <vector>

#include "suites/graph/graph.h"

namespace halcyon {

/// Why nothing can be compared with what plain loops make of this input: the first node with a
/// result that f32 cannot hold, and that result. Empty where every output is finite.
std::string why_not_finite(const Graph&, const std::vector<float>& input,
                           const std::vector<std::vector<float>>& outputs);

}  // namespace halcyon
