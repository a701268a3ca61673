#include "kernels/activation.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace halcyon {

using namespace Halide;

namespace {

/// P(v) = s_m(...s_1(poly(v))), s_i(q) = q*q + squares[i]: about a polynomial to the power 2^m, but
/// the free constants buy a digit at no cost (silu, 6 operations in P: 1.5e-6 against 6e-5). All
/// are minimax fits of the error of the whole function: no range reduction, no exp or erf.
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
       {-0.000389279635f, 0.0152501896f, -0.0632655428f, -0.165868192f, 0.824377189f},
       {0.0269504101f, -0.000741545253f}},
      {Act::gelu,
       1,
       4.6f,
       {0.00115065987f, -0.000257570625f, -0.0367055464f, -0.100069395f, 0.813229309f},
       {0.201894823f, -0.0381833393f, -1.7825793e-05f}},
      {Act::gelu,
       2,
       5.4f,
       {-0.000193518577f, 0.00197926086f, -0.00112207497f, -0.0312324181f, -0.0906636021f,
        0.926006655f},
       {-0.0166956991f, 0.000196660774f, 1.06163283e-07f}},
      {Act::silu,
       0,
       14,
       {0.019068086f, 0.0711416225f, 0.503292223f},
       {2.56760655f, -6.73043555f, 0.495960197f}},
      {Act::silu,
       1,
       17,
       {0.00430485112f, 0.0263736642f, 1.11929068f},
       {0.430678469f, -1.64099049f, -0.370009951f, 0.890014513f}},
      {Act::silu,
       2,
       20,
       {8.30725136e-05f, 0.000968427911f, 0.0733414304f, 0.965521446f},
       {-0.0869213927f, 0.330775737f, -0.0938903072f, 1.00237745f}},
      {Act::sigmoid,
       0,
       12,
       {-0.00038934103f, 0.00739181276f, -0.127623636f, 0.992386094f},
       {0.00164043886f, 0.0270557739f, 0.99931848f}},
      {Act::sigmoid,
       1,
       15,
       {-5.92285752e-05f, 0.00165915794f, -0.0649158323f, 1.00043116f},
       {-0.0411034625f, 0.0815747033f, -0.00543022423f, 0.999999896f}},
      {Act::sigmoid,
       2,
       15,
       {-7.77890641e-09f, 6.38928782e-07f, -4.06943655e-05f, 0.00195310544f, -0.0624999888f, 1},
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
