#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/problem/problem.h"

namespace halcyon {

/// Seeded values for an argument, the same on every machine. `kind` random: inputs in [-1, 1),
/// weights scaled so that activations keep their size through a chain (He), biases in [-0.5, 0.5).
/// adversarial: zeros, one-hot channels, extremes of +-8, and values that saturate every
/// activation.
enum class Fill { random, adversarial };
std::vector<float> fill(const TensorSpec&, const Problem&, Fill, std::uint64_t seed);

/// "n h w c" of the element at `index` of a dense tensor: for messages. "n0 h3 w1 c17".
std::string place_of(const TensorSpec&, std::int64_t index);

}  // namespace halcyon
