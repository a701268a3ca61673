#pragma once
#include <optional>
#include <string>

#include "suites/onnx/reading/links.h"

namespace halcyon {

/// A tensor that is an activation of another one.
struct OnnxActivation {
  Act act;
  std::string x;
};

/// What the tensor is when the node that makes it is an activation by itself or the last of a chain
/// that is one. Error (exit 3) when an attribute of it is not known.
std::optional<OnnxActivation> activation_of(const OnnxLinks&, const OnnxNode& maker);

}  // namespace halcyon
