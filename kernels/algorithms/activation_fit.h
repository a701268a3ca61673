#pragma once
#include <vector>

#include "kernels/problem/problem.h"

namespace halcyon {

/// P(v) = s_m(...s_1(poly(v))), s_i(q) = q*q + squares[i]: about a polynomial to the power 2^m, but
/// the free constants buy a digit at no cost. What is fitted, and for which inputs, is the error of
/// the whole function (fit_activations.py): no range reduction, no exp or erf.
///   silu(x) = x / P(z)   sigmoid(x) = 1 / P(z)   P(z) ~ 1 + e^-z    z = min(x, limit)
///   gelu(x) = relu(x) - a * P(a)                 P(a) ~ Phi(-a)     a = min(|x|, limit)
struct ActivationFit {
  Act function;
  int level;
  float limit;
  std::vector<float> poly;     // highest power first
  std::vector<float> squares;  // what is added after each squaring
};
const std::vector<ActivationFit>& activation_fits();

}  // namespace halcyon
