#pragma once
#include <functional>
#include <vector>

#include "suites/graph/graph.h"

namespace halcyon {

/// The oracle of a network: runs the unfolded graph node by node in plain loops, in double, sharing
/// nothing with Halide nor with the passes. `input`: NHWC. Every parameter must have its values.
/// Returns the outputs in the graph's order; `seen` is told each node's result. Holds what later
/// nodes still read and nothing more.
std::vector<std::vector<double>> run_reference(
    const Graph&, const std::vector<float>& input,
    const std::function<void(const Node&, const std::vector<double>&)>& seen = {});

}  // namespace halcyon
