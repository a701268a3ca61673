#pragma once
#include <string>
#include <vector>

#include "suites/graph/graph.h"

namespace halcyon {

/// Why nothing can be compared with what plain loops make of this input: the first node with a
/// result that its dtype cannot hold, and that result. Empty where every output is finite.
std::string why_not_finite(const Graph&, TensorView input, const std::vector<Tensor>& outputs);

}  // namespace halcyon
