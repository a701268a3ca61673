#include <algorithm>
#include <cmath>

#include "kernels/oracle/op_values.h"
#include "kernels/oracle/reference.h"
#include "kernels/oracle/tensor.h"
#include "kernels/problem/quantisation.h"

namespace halcyon {
namespace {

/// Sums of weights per output channel, the innermost axis.
std::vector<double> sums_of_weights(std::span<const double> w, std::size_t channels) {
  std::vector<double> sums(channels);
  for (std::size_t i = 0; i < w.size(); ++i) sums[i % channels] += w[i];
  return sums;
}

/// What an op sums, exactly: of products and means integers, of a resampling sixteenths.
std::vector<double> exact_sums(const OpValues& values, const std::vector<double>& centred,
                               double in_zero) {
  const Op& op = values.o();
  std::vector<double> bias;
  const auto argument = [&](const char* base) -> std::span<const double> {
    if (base != std::string_view("b")) return values.argument(base);
    // Beside centred inputs it has no zero point in it.
    const auto b = values.argument("b");
    bias = sums_of_weights(values.argument("w"), b.size());
    for (std::size_t c = 0; c < b.size(); ++c) bias[c] = b[c] + in_zero * bias[c];
    return bias;
  };
  std::vector<double> sums = op.kind->reference(op, centred, argument);
  if (op.word() == "gap")  // a mean there; here its factor divides
    for (double& sum : sums) sum = std::nearbyint(sum * op.in.h * op.in.w);
  return sums;
}

float activated(Act act, float v, std::span<const double> q) {
  const double scale = q[quantised::scale], per_scale = q[quantised::per_scale];
  if (act == Act::relu) return std::max(v, 0.f);
  if (act == Act::relu6) return std::clamp(v, 0.f, 6 * static_cast<float>(per_scale));
  return static_cast<float>(activation(act, v * scale) * per_scale);
}

}  // namespace

std::vector<double> run_quantised(OpValues values, std::span<const double> in) {
  const Op& op = values.o();
  if (!requantises(op)) return op.kind->reference(op, in, {});
  const auto q = values.argument("q");
  std::vector<double> centred(in.begin(), in.end());
  for (double& u : centred) u -= q[quantised::in_zero];
  const std::vector<double> sums = exact_sums(values, centred, q[quantised::in_zero]);
  const auto factors =
      parameters_of(op).empty() ? q.subspan(quantised::factor, 1) : values.argument("m");
  std::vector<float> v(sums.size());
  for (std::size_t e = 0; e < v.size(); ++e)
    v[e] = static_cast<float>(sums[e]) * static_cast<float>(factors[e % factors.size()]);
  std::size_t constant = quantised::extras;
  for (const Epilogue& item : op.epilogue) {
    if (item.kind == Epilogue::act) {
      for (float& x : v) x = activated(item.function, x, q);
      continue;
    }
    const auto operand = values.operand(item);
    const auto zero = static_cast<float>(q[constant]), f = static_cast<float>(q[constant + 1]);
    constant += 2;
    for (std::size_t e = 0; e < v.size(); ++e) {
      const float x = f * (static_cast<float>(operand[e % operand.size()]) - zero);
      v[e] = item.kind == Epilogue::scale ? v[e] * x : v[e] + x;
    }
  }
  std::vector<double> result(v.size());
  for (std::size_t e = 0; e < v.size(); ++e)
    result[e] = std::clamp(std::nearbyint(v[e]) + q[quantised::zero], 0.0, 255.0);
  return result;
}

std::vector<double> run_conversion(OpValues values, DType from, std::span<const double> in) {
  const DType to = values.o().to;
  std::vector<double> result(in.begin(), in.end());
  if (!has_constants(from, values.o())) {
    for (double& x : result) x = rounded_to(to, x);
    return result;
  }
  const auto q = values.argument("q");
  const auto factor = static_cast<float>(q[quantised::factor]);
  const double in_zero = q[quantised::in_zero], zero = q[quantised::zero];
  for (double& x : result) {
    const float v = factor * static_cast<float>(x - in_zero);
    x = to == DType::i8 ? std::clamp(std::nearbyint(v) + zero, 0.0, 255.0) : v;
  }
  return result;
}

}  // namespace halcyon
