#pragma once
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "suites/onnx/reading/model.h"

namespace halcyon {

/// Who makes and who reads each tensor of a model as it is now: patterns look at this while they
/// change it. The model must outlive it and keep its constants.
class OnnxLinks {
 public:
  explicit OnnxLinks(const OnnxModel&);
  /// The node that makes the tensor when it is this op; attributes that the patterns do not know
  /// make it another op. Null when not.
  const OnnxNode* maker(const std::string& tensor, const char* op) const;
  /// What a tensor is before QuantizeLinear and DequantizeLinear made it; none when they did not.
  std::optional<std::string> unrounded(const std::string& tensor) const;
  bool is_read_once(const std::string& tensor) const;
  std::optional<double> scalar(const std::string& tensor) const;  // a constant FLOAT of one element

 private:
  const OnnxModel& model_;
  const std::vector<OnnxNode> nodes_;
  std::unordered_map<std::string, std::size_t> makers_;
  std::unordered_map<std::string, int> reads_;
};

/// A node with two inputs, of which one is a scalar constant.
struct WithScalar {
  std::string x;
  double scalar;
  bool second;  // the scalar is the second input
};
std::optional<WithScalar> with_scalar(const OnnxLinks&, const OnnxNode&);

}  // namespace halcyon
