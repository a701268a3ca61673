#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "suites/onnx/reading/attributes.h"
#include "suites/onnx/reading/constant.h"
#include "suites/onnx/reading/model.h"

namespace halcyon {

/// What a node that folds has: all that it reads is constant.
struct Folding {
  const OnnxModel& model;
  const OnnxAttributes& attributes;
  const std::vector<OnnxConstant>& inputs;  // those that are there
  const OnnxConstant& input(std::size_t) const;
};

/// What a node of an op gives then.
struct FoldingRule {
  const char* op;
  OnnxConstant (*fold)(const Folding&);
};

/// Of ops that bring elements to other places, as they are.
std::span<const FoldingRule> rearranging_rules();
/// Of ops that compute new ones.
std::span<const FoldingRule> arithmetic_rules();
/// Of steps and what they stand for.
std::span<const FoldingRule> quantised_rules();

// What such rules are made of. Errors: exit 3.

/// A gigabyte: of one constant that is computed, and of all.
constexpr std::int64_t kMostFoldedElements = std::int64_t{1} << 28;
/// The elements of a constant of these dims. Error when they are more than that.
std::size_t checked_size(const std::vector<std::int64_t>& dims);
/// Error when it has none, as where shapes are computed.
const std::vector<std::int64_t>& integers_of(const OnnxConstant&);
/// What ONNX calls FLOAT.
Tensor floats_of(const std::vector<double>&);

}  // namespace halcyon
