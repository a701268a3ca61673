#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include "kernels/error.h"
#include "kernels/problem/op.h"

namespace halcyon {

/// out[c] += sum over k of in[k] * w[c + outputs * k], for c in [first, last) : a row of a matrix
/// product with the output channel innermost, so that compilers vectorise it.
template <class T>
void add_product(std::span<T> out, std::span<const T> in, std::span<const T> w, int first,
                 int last) {
  for (std::size_t k = 0; k < in.size(); ++k) {
    const T value = in[k];
    const T* row = w.data() + k * out.size();
    for (int c = first; c < last; ++c) out[c] += value * row[c];
  }
}

/// The same for four rows at once, which share what is read of `w`: row r of `out` lies at
/// r * outputs, of `in` at r * in_stride. Every sum is taken in the order in which add_product()
/// takes it, so the bits are the same.
template <class T>
void add_four_products(T* out, std::size_t outputs, const T* in, std::size_t in_stride, int terms,
                       const T* w, int first, int last) {
  constexpr int kBlock = 256;  // channels whose sums stay in L1
  for (int from = first; from < last; from += kBlock) {
    const int to = std::min(last, from + kBlock);
    T* __restrict a = out, * __restrict b = a + outputs;
    T* __restrict c = b + outputs, * __restrict d = c + outputs;
    for (int k = 0; k < terms; ++k) {
      const T va = in[k], vb = in[k + in_stride];
      const T vc = in[k + 2 * in_stride], vd = in[k + 3 * in_stride];
      const T* __restrict row = w + k * outputs;
      for (int i = from; i < to; ++i) {
        a[i] += va * row[i];
        b[i] += vb * row[i];
        c[i] += vc * row[i];
        d[i] += vd * row[i];
      }
    }
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
