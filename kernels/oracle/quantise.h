#pragma once
#include <span>
#include <vector>

#include "kernels/oracle/tensor.h"
#include "kernels/problem/quantisation.h"

/// The arguments of a problem in i8, made of values, scales and zero points: quantisation.h.
namespace halcyon {

/// Weights in steps, symmetric, and what a step of each output channel (the innermost axis) is
/// worth.
struct QuantisedWeights {
  std::vector<double> steps, scales;
};
QuantisedWeights quantised_weights(TensorView values, std::size_t channels);

/// What an op with weights adds to its sums, the zero points of its inputs in it, and what it
/// multiplies them with: `b` and `m`. `weights`: in steps, of scales.size() channels.
struct QuantisedSums {
  Tensor bias, factors;
};
QuantisedSums quantised_sums(std::span<const double> weights, std::span<const double> scales,
                             std::span<const double> bias, const Quantisation& in,
                             const Quantisation& out);

/// The constants `q` of an op; `operands`: the steps of what each scale, add and skip of its
/// epilogue reads.
Tensor quantised_constants_of(const Op&, const Quantisation& in, const Quantisation& out,
                              std::span<const Quantisation> operands);
/// Those of a conversion to or from i8: `steps` are of the tensor in i8.
Tensor conversion_constants(const Op&, const Quantisation& steps);

}  // namespace halcyon
