#pragma once
#include <span>
#include <vector>

#include "kernels/error.h"
#include "kernels/op.h"

namespace halcyon {

/// out[c] += sum over k of in[k] * w[c + outputs * k], for c in [first, last) : a row of a matrix
/// product with the output channel innermost, so that compilers vectorise it.
inline void add_product(std::span<double> out, std::span<const double> in,
                        std::span<const double> w, int first, int last) {
  for (std::size_t k = 0; k < in.size(); ++k) {
    const double value = in[k];
    const double* row = w.data() + k * out.size();
    for (int c = first; c < last; ++c) out[c] += value * row[c];
  }
}

/// Checks that `op.groups` divides both channel counts.
inline void check_groups(const Op& op) {
  if (op.in.c % op.groups == 0 && op.channels % op.groups == 0) return;
  const bool in = op.in.c % op.groups != 0;
  throw usage_error("groups " + std::to_string(op.groups) + " do not divide the " +
                    std::to_string(in ? op.in.c : op.channels) + (in ? " input" : " output") +
                    " channels; allowed: a divisor of " + std::to_string(op.in.c) + " and " +
                    std::to_string(op.channels));
}

/// Weights (c, k) and biases (c) of a dense layer from k to c channels.
inline std::vector<TensorSpec> dense_parameters(const char* w, const char* b, int c, int k) {
  return {{.name = w, .role = Role::weight, .axes = {"c", "k"}, .extents = {c, k}},
          {.name = b, .role = Role::bias, .axes = {"c"}, .extents = {c}}};
}

}  // namespace halcyon
