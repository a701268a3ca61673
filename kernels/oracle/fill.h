#pragma once
#include <cstdint>

#include "kernels/oracle/tensor.h"

namespace halcyon {

/// Seeded values for an argument, the same on every machine. `kind` random: inputs in [-1, 1),
/// weights scaled so that activations keep their size through a chain (He), biases in [-0.5, 0.5).
/// adversarial: zeros, one-hot channels, extremes of +-8, and values that saturate every
/// activation.
enum class Fill { random, adversarial };
Tensor fill(const TensorSpec&, const Problem&, Fill, std::uint64_t seed);

}  // namespace halcyon
