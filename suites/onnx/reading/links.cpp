#include "suites/onnx/reading/links.h"

#include <onnx/onnx-ml.pb.h>

namespace halcyon {

OnnxLinks::OnnxLinks(const OnnxModel& model) : model_(model), nodes_(model.nodes) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    for (const std::string& output : nodes_[i].outputs) makers_[output] = i;
    for (const std::string& input : nodes_[i].inputs) ++reads_[input];
  }
  for (const std::string& output : model.outputs) ++reads_[output];
}

const OnnxNode* OnnxLinks::maker(const std::string& tensor, const char* op) const {
  const auto it = makers_.find(tensor);
  if (it == makers_.end() || nodes_[it->second].op != op) return nullptr;
  const OnnxNode& node = nodes_[it->second];
  const std::string_view word = op;
  const bool may_have = word == "HardSigmoid" || word == "Conv" || word == "Gemm";
  return node.source->attribute_size() > 0 && !may_have ? nullptr : &node;
}

std::optional<std::string> OnnxLinks::unrounded(const std::string& tensor) const {
  std::string x = tensor;
  for (const char* op : {"DequantizeLinear", "QuantizeLinear"}) {
    const auto it = makers_.find(x);
    if (it == makers_.end() || nodes_[it->second].op != op || nodes_[it->second].inputs.empty())
      return {};
    x = nodes_[it->second].inputs[0];
  }
  return x;
}

bool OnnxLinks::is_read_once(const std::string& tensor) const { return reads_.at(tensor) == 1; }

std::optional<double> OnnxLinks::scalar(const std::string& tensor) const {
  if (!model_.is_constant(tensor) || elements_of(model_.constant_dims(tensor)) != 1) return {};
  const OnnxConstant c = model_.constant(tensor);
  if (c.is_integer) return {};
  return c.values.at(0);
}

std::optional<WithScalar> with_scalar(const OnnxLinks& links, const OnnxNode& node) {
  if (node.inputs.size() != 2) return {};
  if (const auto s = links.scalar(node.inputs[1])) return WithScalar{node.inputs[0], *s, true};
  if (const auto s = links.scalar(node.inputs[0])) return WithScalar{node.inputs[1], *s, false};
  return {};
}

}  // namespace halcyon
