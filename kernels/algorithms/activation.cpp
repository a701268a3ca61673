#include "kernels/algorithms/activation.h"

#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/algorithms/activation_fit.h"

namespace halcyon {

using namespace Halide;

namespace {

const ActivationFit* find_fit(Act function, int level) {
  for (const ActivationFit& fit : activation_fits())
    if (fit.function == function && fit.level == level) return &fit;
  return nullptr;
}

Expr horner(const Expr& v, const std::vector<float>& poly) {
  Expr sum = poly.front();
  for (std::size_t i = 1; i < poly.size(); ++i) sum = sum * v + poly[i];
  return sum;
}

Expr power(const ActivationFit& fit, const Expr& v) {
  Expr q = horner(v, fit.poly);
  for (float added : fit.squares) q = added == 0 ? q * q : q * q + added;
  return q;
}

/// a < b that a NaN fails: with Halide's fast-math flags LLVM may assume that there is none, and
/// swap the operands of the max and min that it makes of a select.
Expr less(const Expr& a, const Expr& b) {
  return Internal::Call::make(Bool(), Internal::Call::strict_lt, {a, b},
                              Internal::Call::PureIntrinsic);
}

/// max(x, low) and min(x, high) that keep a NaN, at the price of the plain ones: one vmaxps on x86.
Expr at_least(const Expr& low, const Expr& x) { return select(less(x, low), low, x); }
Expr at_most(const Expr& high, const Expr& x) { return select(less(high, x), high, x); }

/// e^x for |x| <= 87, relative error 4e-7: 2^n * 2^f with n the nearest integer to x*log2(e).
Expr exponential(const Expr& x) {
  const Expr t = x * 1.44269504f, n = round(t);
  const Expr p = horner(t - n, {0.00132764725f, 0.00967554189f, 0.0555071309f, 0.240221202f,
                                0.693146944f, 1.00000012f});
  return reinterpret<float>(reinterpret<int>(p) + (cast<int>(n) << 23));
}

/// No lower limit in silu and sigmoid: P grows without end there, and what is divided by it goes.
Expr fitted(const ActivationFit& fit, const Expr& x) {
  if (fit.function == Act::gelu) {
    const Expr a = min(abs(x), fit.limit);
    return at_least(0.f, x) - a * power(fit, a);
  }
  return (fit.function == Act::silu ? x : Expr(1.f)) / power(fit, at_most(fit.limit, x));
}

Expr precise(Act function, const Expr& x) {
  constexpr float kMostExponent = 87;  // e^87 is finite and e^-87 normal in f32
  switch (function) {
    case Act::relu:
      return at_least(0.f, x);
    case Act::relu6:
      return at_least(0.f, at_most(6.f, x));
    case Act::hardswish:
      return x * clamp(x * (1.f / 6) + 0.5f, 0.f, 1.f);
    case Act::hardsigmoid:
      return at_least(0.f, at_most(1.f, x * (1.f / 6) + 0.5f));
    case Act::silu: {
      const Expr a = min(abs(x), kMostExponent);
      return at_least(0.f, x) - a / (1.f + exponential(a));
    }
    case Act::sigmoid:
      return 1.f / (1.f + exponential(-at_least(-kMostExponent, at_most(kMostExponent, x))));
    case Act::gelu:
      break;  // a fit, too, whose error is that of rounding to f32
  }
  throw std::logic_error("an activation that is none");
}

}  // namespace

Expr activation_call(Act function, Expr x) {
  return Internal::Call::make(Float(32), "halcyon_" + std::string(to_text(function)),
                              {std::move(x)}, Internal::Call::PureExtern);
}

Expr activation_form(Act function, int level, Expr x) {
  // The forms read x several times: bound to a name, chains of activations stay linear in size.
  const std::string name = Internal::unique_name("act");
  const Expr v = Internal::Variable::make(Float(32), name);
  const ActivationFit* fit = find_fit(function, level);
  if (!fit && level != -1)
    throw std::logic_error("no form " + std::to_string(level) + " of " +
                           std::string(to_text(function)));
  return Internal::Let::make(name, std::move(x), fit ? fitted(*fit, v) : precise(function, v));
}

}  // namespace halcyon
