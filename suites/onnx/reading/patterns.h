#pragma once
#include "suites/onnx/reading/model.h"

namespace halcyon {

/// Finds what exporters write as chains of nodes and makes one node of each:
///   an activation: alone (Relu, Clip, HardSwish, Gelu, ...) or as a product of x and a gate of x,
///   in any order of factors, constants multiplied or divided anywhere: x * Sigmoid(x); x * Clip(x
///   + 3, 0, 6) / 6; 0.5 * x * (1 + Erf(x / sqrt 2)); and a bias added behind a Conv, Gemm or
///   MatMul, which becomes its third input.
/// The new node stands in the place of the chain's last, whose name it has; nodes that nothing
/// reads any more are dropped. Constants must be folded before.
void find_patterns(OnnxModel&);

}  // namespace halcyon
