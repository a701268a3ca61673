#pragma once
#include <map>
#include <string>
#include <vector>

#include "kernels/problem.h"

namespace halcyon {

using Tensors = std::map<std::string, std::vector<float>>;

/// The oracle: plain loops, double accumulation, activations from <cmath>, one op after the other;
/// shares nothing with Halide. `arguments` has every non-output tensor of problem.tensors() by name,
/// logical layout; returns every output.
Tensors reference(const Problem&, const Tensors& arguments);

}  // namespace halcyon
