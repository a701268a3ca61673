#pragma once
#include <span>
#include <vector>

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

/// Weights (c, k) and biases (c) of a dense layer from k to c channels.
inline std::vector<TensorSpec> dense_parameters(const char* w, const char* b, int c, int k) {
  return {{.name = w, .role = Role::weight, .axes = {"c", "k"}, .extents = {c, k}},
          {.name = b, .role = Role::bias, .axes = {"c"}, .extents = {c}}};
}

}  // namespace halcyon
