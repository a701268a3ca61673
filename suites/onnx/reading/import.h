#pragma once
#include <string>

#include "suites/graph/graph.h"

namespace halcyon {

/// Reads an ONNX model (opset 11 to 20, float32, one input as NCHW or NC) into a graph whose
/// parameters have their values, unfolded as the model is. suites/onnx/README.md has the ops
/// and the chains of ops that are known. `batch`: what a batch that the model leaves open becomes.
///
/// Error (exit 3) in one line, with path, node, what was found and what is allowed, for all that is
/// malformed, hostile or not supported; nothing outside the model's folder is opened.
Graph read_onnx(const std::string& path, int batch = 1);

}  // namespace halcyon
