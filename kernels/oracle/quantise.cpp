#include "kernels/oracle/quantise.h"

#include <algorithm>
#include <cmath>

#include "kernels/problem/op.h"

namespace halcyon {

QuantisedWeights quantised_weights(TensorView values, std::size_t channels) {
  QuantisedWeights w{numbers_of<double>(values), std::vector<double>(channels)};
  for (std::size_t i = 0; i < w.steps.size(); ++i)
    w.scales[i % channels] = std::max(w.scales[i % channels], std::abs(w.steps[i]) / 127);
  for (double& scale : w.scales) scale = scale > 0 ? static_cast<float>(scale) : 1;
  for (std::size_t i = 0; i < w.steps.size(); ++i)
    w.steps[i] = std::clamp(std::nearbyint(w.steps[i] / w.scales[i % channels]), -127.0, 127.0);
  return w;
}

QuantisedSums quantised_sums(std::span<const double> weights, std::span<const double> scales,
                             std::span<const double> bias, const Quantisation& in,
                             const Quantisation& out) {
  const std::size_t channels = scales.size();
  std::vector<double> sums(channels), b(channels), m(channels);
  for (std::size_t i = 0; i < weights.size(); ++i) sums[i % channels] += weights[i];
  for (std::size_t c = 0; c < channels; ++c) {
    b[c] = std::nearbyint(bias[c] / (in.scale * scales[c])) - in.zero * sums[c];
    m[c] = in.scale * scales[c] / out.scale;
  }
  return {Tensor::rounded(DType::i32, b), Tensor::rounded(DType::f32, m)};
}

Tensor quantised_constants_of(const Op& op, const Quantisation& in, const Quantisation& out,
                              std::span<const Quantisation> operands) {
  std::vector<double> q(quantised_constants(op));
  q[quantised::in_zero] = in.zero;
  q[quantised::zero] = out.zero;
  q[quantised::scale] = out.scale;
  q[quantised::per_scale] = 1 / out.scale;
  q[quantised::factor] = in.scale / out.scale;
  if (op.word() == "gap") q[quantised::factor] /= std::int64_t{op.in.h} * op.in.w;
  std::size_t at = quantised::extras, next = 0;
  for (const Epilogue& item : op.epilogue) {
    if (item.kind == Epilogue::act) continue;
    const Quantisation& x = operands[next++];
    q[at++] = x.zero;
    q[at++] = item.kind == Epilogue::scale ? x.scale : x.scale / out.scale;
  }
  return Tensor::rounded(DType::f32, q);
}

Tensor conversion_constants(const Op& op, const Quantisation& steps) {
  return op.to == DType::i8 ? quantised_constants_of(op, {}, steps, {})
                            : quantised_constants_of(op, steps, {}, {});
}

}  // namespace halcyon
