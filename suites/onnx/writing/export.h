#pragma once
#include <string>

#include "suites/graph/graph.h"

namespace halcyon {

/// Writes the graph as an ONNX model, unfolded as it is: NCHW, float32, opset 17, batch norm and
/// constants per channel as nodes, activations in the way that PyTorch writes them. Names of nodes
/// and parameters are the graph's; a node's stage stands in its doc_string, so that read_onnx gives
/// the same graph back. What is held in steps stands between QuantizeLinear and DequantizeLinear,
/// and so do weights and biases. Every parameter must have its values. Written atomically.
/// Error: exit 3 when a parameter has no values or the model would not be under 2 GiB, which no
/// protobuf may reach; exit 4 when it cannot be written.
void write_onnx(const Graph&, const std::string& path);

}  // namespace halcyon
