#include "suites/onnx/reading/folding_rule.h"

#include "kernels/error.h"

namespace halcyon {

const OnnxConstant& Folding::input(std::size_t i) const {
  if (i >= inputs.size())
    throw data_error("found " + std::to_string(inputs.size()) + " inputs; allowed: more");
  return inputs[i];
}

std::size_t checked_size(const std::vector<std::int64_t>& dims) {
  const std::int64_t elements = elements_of(dims);
  if (elements > kMostFoldedElements)
    throw data_error("a constant of " + dims_text(dims) + "; allowed: at most 2^28 elements");
  return static_cast<std::size_t>(elements);
}

const std::vector<std::int64_t>& integers_of(const OnnxConstant& c) {
  if (!c.is_integer) throw data_error("found FLOAT where shapes are computed; allowed: INT64");
  return c.integers;
}

Tensor floats_of(const std::vector<double>& values) { return Tensor::rounded(DType::f32, values); }

}  // namespace halcyon
