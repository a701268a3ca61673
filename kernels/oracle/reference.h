#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "kernels/oracle/tensor.h"
#include "kernels/problem/problem.h"

namespace halcyon {

/// The activation in double, by its definition; GELU is the exact form with erf. NaN gives NaN.
double activation(Act, double x);

using Tensors = std::map<std::string, Tensor>;

/// The oracle: plain loops, double accumulation, activations from <cmath>, one op after the other;
/// shares nothing with Halide. `arguments` has every non-output tensor of problem.tensors() by
/// name, logical layout; returns every output, each element as its dtype holds it. So is what
/// stands between ops of a dtype below f32; i8 is exact in integers and requantised in f32
/// (quantisation.h).
Tensors reference(const Problem&, const Tensors& arguments);

/// The least and the most of each op's result.
std::vector<std::pair<double, double>> result_ranges(const Problem&, const Tensors& arguments);

}  // namespace halcyon
