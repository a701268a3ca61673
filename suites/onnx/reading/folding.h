#pragma once
#include <optional>
#include <vector>

#include "suites/onnx/reading/attributes.h"
#include "suites/onnx/reading/constant.h"
#include "suites/onnx/reading/model.h"

namespace halcyon {

/// What a node gives when all that it reads is constant: weights that an exporter left to be
/// transposed, the arithmetic of a Reshape's dims. Nothing when the op is not one of the few that
/// such arithmetic needs. Error (exit 3) when it cannot be computed, or would have more than 2^28
/// elements.
std::optional<OnnxConstant> fold(const OnnxNode&, const OnnxModel&);
/// Whether its op is one of those.
bool can_fold(const OnnxNode&);

/// What Shape gives for a tensor of these dims: all of them, or those from "start" to "end".
OnnxConstant shape_constant(const std::vector<std::int64_t>& dims, const OnnxAttributes&);

/// Folds what the file alone decides, and drops those nodes. What depends on shapes is folded
/// later, where they are known.
void fold_constants(OnnxModel&);

}  // namespace halcyon
