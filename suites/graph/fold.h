#pragma once
#include "suites/graph/graph.h"

namespace halcyon {

/// Takes batch norm and channel scales into weights and biases, so that only op, act, add and scale
/// nodes are left: backward into the convolution or linear layer before, else forward into an
/// unpadded one behind (through a global average, which they commute with), else into a depthwise
/// 1x1 of its own. Computed in double, so exact up to one rounding of each weight. Every parameter
/// must have its values.
Graph fold(Graph);

}  // namespace halcyon
