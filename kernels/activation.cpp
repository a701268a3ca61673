#include "kernels/activation.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace halcyon {

using namespace Halide;

namespace {

/// P(v) = s_m(...s_1(poly(v))), s_i(q) = q*q + squares[i]: a polynomial raised to the power 2^m,
/// fitted to the error of the whole function rather than of exp or erf; no range reduction, no
/// division.
///   gelu(x) = relu(x) - a * P(a)         P(a) ~ Phi(-a)
///   silu(x) = relu(x) - a / P(a)         P(a) ~ 1 + e^a        a = min(|x|, limit)
///   sigmoid(x) = 1 / P(z)                P(z) ~ 1 + e^-z       z = clamp(x, -limit, limit)
struct Fit {
  Act function;
  int level;
  float limit;
  std::vector<float> poly;     // highest power first
  std::vector<float> squares;  // what is added after each squaring
};

const Fit* find_fit(Act function, int level) {
  static const std::vector<Fit> fits = {
      {Act::gelu,
       0,
       4.4f,
       {-0.00023526924f, 0.0143133691f, -0.061624486f, -0.167511985f, 0.823298156f},
       {0.0293821786f, -0.000876043749f}},
      {Act::gelu,
       1,
       4.6f,
       {-0.000555448583f, 0.00364571484f, 0.00697265239f, -0.0506215654f, -0.163522094f,
        0.858142734f},
       {-0.0293335784f, -0.000131558132f}},
      {Act::gelu,
       2,
       5.4f,
       {-0.000190942475f, 0.00193962979f, -0.00110812904f, -0.031721659f, -0.0914909691f,
        0.917003453f},
       {0, 0, 0}},
      {Act::gelu,
       3,
       5.5f,
       {-4.48523788e-05f, 0.000687144988f, -0.00138223637f, -0.0177842006f, -0.047770936f,
        0.95760417f},
       {0, 0, 0, 0}},
      {Act::silu, 0, 13, {0.000469621882f, 0.00725723989f, 0.125746399f, 0.999717116f}, {0, 0, 1}},
      {Act::silu,
       1,
       14,
       {4.91890969e-05f, 0.00191982801f, 0.0625462979f, 0.999981701f},
       {0, 0, 0, 1}},
      {Act::silu,
       2,
       17,
       {7.90015747e-07f, 3.97431613e-05f, 0.00195551547f, 0.0624975897f, 1.00000072f},
       {0, 0, 0, 1}},
      {Act::sigmoid,
       0,
       11,
       {-4.01355683e-05f, 0.00196038675f, -0.0625030696f, 0.999994457f},
       {0, 0, 0, 1}},
      {Act::sigmoid,
       1,
       13,
       {6.24695929e-07f, -4.08659398e-05f, 0.00195326912f, -0.0624995306f, 0.999999881f},
       {0, 0, 0, 1}},
      {Act::sigmoid,
       2,
       15,
       {-7.77890641e-09f, 6.38928782e-07f, -4.06943655e-05f, 0.00195310544f, -0.0624999888f, 1.f},
       {0, 0, 0, 1}},
  };
  for (const Fit& fit : fits)
    if (fit.function == function && fit.level == level) return &fit;
  return nullptr;
}

Expr horner(const Expr& v, const std::vector<float>& poly) {
  Expr sum = poly.front();
  for (std::size_t i = 1; i < poly.size(); ++i) sum = sum * v + poly[i];
  return sum;
}

Expr power(const Fit& fit, const Expr& v) {
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

Expr fitted(const Fit& fit, const Expr& x) {
  if (fit.function == Act::sigmoid)
    return 1.f / power(fit, at_least(-fit.limit, at_most(fit.limit, x)));
  const Expr a = min(abs(x), fit.limit);
  const Expr tail = power(fit, a);
  return at_least(0.f, x) - (fit.function == Act::gelu ? a * tail : a / tail);
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
    case Act::gelu: {
      // One fit more, whose error is that of rounding to f32; beyond its limit the tail is 0.
      static const Fit fit = {Act::gelu,
                              -1,
                              5.6f,
                              {-1.30346025e-05f, 0.000249513745f, -0.000896626152f, -0.00941860303f,
                               -0.0244016647f, 0.97857213f},
                              {0, 0, 0, 0, 0}};
      const Expr a = select(abs(x) < fit.limit, abs(x), 0.f);
      return at_least(0.f, x) - a * power(fit, a);
    }
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
  const Fit* fit = find_fit(function, level);
  if (!fit && level != -1)
    throw std::logic_error("no form " + std::to_string(level) + " of " +
                           std::string(to_text(function)));
  return Internal::Let::make(name, std::move(x), fit ? fitted(*fit, v) : precise(function, v));
}

}  // namespace halcyon
