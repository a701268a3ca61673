#include "kernels/oracle/arguments.h"

#include <algorithm>
#include <cmath>

#include "kernels/problem/problem_builder.h"
#include "kernels/problem/quantisation.h"

namespace halcyon {
namespace {

/// What a step of a tensor is worth, and which one is zero.
struct Steps {
  double scale = 1, zero = 0;
  double of(double value) const {
    return std::clamp(std::nearbyint(value / scale) + zero, 0.0, 255.0);
  }
};

/// Zero has a step of its own: padding and relu need it exact.
Steps steps_for(std::pair<double, double> range) {
  const double least = std::min(range.first, 0.0), most = std::max(range.second, 0.0);
  if (most == least) return {};
  const double scale = static_cast<float>((most - least) / 255);
  return {scale, std::clamp(std::nearbyint(-least / scale), 0.0, 255.0)};
}

Tensor in_steps(TensorView values, const Steps& steps) {
  std::vector<double> numbers = numbers_of<double>(values);
  for (double& x : numbers) x = steps.of(x);
  return Tensor::rounded(DType::u8, numbers);
}

/// Weights of one op, their scales per output channel (the innermost axis), their sums.
struct Weights {
  std::vector<double> steps, scales, sums;
};
Weights quantised_weights(TensorView values, std::size_t channels) {
  Weights w{numbers_of<double>(values), std::vector<double>(channels),
            std::vector<double>(channels)};
  for (std::size_t i = 0; i < w.steps.size(); ++i)
    w.scales[i % channels] = std::max(w.scales[i % channels], std::abs(w.steps[i]) / 127);
  for (double& scale : w.scales) scale = scale > 0 ? scale : 1;
  for (std::size_t i = 0; i < w.steps.size(); ++i) {
    w.steps[i] = std::nearbyint(w.steps[i] / w.scales[i % channels]);
    w.sums[i % channels] += w.steps[i];
  }
  return w;
}

class Quantiser {
 public:
  Quantiser(const Problem& problem, Fill kind, std::uint64_t seed)
      : problem_(problem), floats_(with_dtype(problem, DType::f32)) {
    const Tensors random = seeded_arguments(floats_, Fill::random, seed);
    const Tensors wanted = kind == Fill::random ? random : seeded_arguments(floats_, kind, seed);
    for (const TensorSpec& spec : floats_.tensors()) {
      if (spec.role != Role::input && spec.role != Role::extra) continue;
      steps_[spec.name] = steps_for(range_of(random.at(spec.name)));
      result_[spec.name] = in_steps(wanted.at(spec.name), steps_.at(spec.name));
    }
    const auto ranges = result_ranges(floats_, random);
    Steps in = steps_.at("in");
    for (int i = 0; i < static_cast<int>(ranges.size()); ++i) {
      if (!requantises(problem.ops()[i])) continue;  // its result has its input's steps
      const Steps out = steps_for(ranges[i]);
      quantise(i, in, out, random);
      in = out;
    }
  }
  Tensors result() { return std::move(result_); }

 private:
  void quantise(int i, const Steps& in, const Steps& out, const Tensors& random) {
    const Op& op = problem_.ops()[i];
    std::vector<double> q(quantised_constants(op));
    q[quantised::in_zero] = in.zero;
    q[quantised::zero] = out.zero;
    q[quantised::scale] = out.scale;
    q[quantised::per_scale] = 1 / out.scale;
    q[quantised::factor] = in.scale / out.scale;
    if (op.word() == "gap") q[quantised::factor] /= std::int64_t{op.in.h} * op.in.w;
    if (!parameters_of(op).empty()) weigh(i, in, out, random);
    append_operands(i, out, q);
    result_[problem_.name("q", i)] = Tensor::rounded(DType::f32, q);
  }

  void weigh(int i, const Steps& in, const Steps& out, const Tensors& random) {
    const auto bias = numbers_of<double>(random.at(problem_.name("b", i)));
    const Weights w = quantised_weights(random.at(problem_.name("w", i)), bias.size());
    std::vector<double> b(bias.size()), m(bias.size());
    for (std::size_t c = 0; c < b.size(); ++c) {
      b[c] = std::nearbyint(bias[c] / (in.scale * w.scales[c])) - in.zero * w.sums[c];
      m[c] = in.scale * w.scales[c] / out.scale;
    }
    result_[problem_.name("w", i)] = Tensor::rounded(DType::i8, w.steps);
    result_[problem_.name("b", i)] = Tensor::rounded(DType::i32, b);
    result_[problem_.name("m", i)] = Tensor::rounded(DType::f32, m);
  }

  void append_operands(int i, const Steps& out, std::vector<double>& q) const {
    std::size_t at = quantised::extras;
    auto extra = problem_.tensors().begin();
    const auto next_extra = [&]() -> const Steps& {
      extra = std::find_if(extra, problem_.tensors().end(), [&](const TensorSpec& spec) {
        return spec.role == Role::extra && spec.op == i;
      });
      return steps_.at((extra++)->name);
    };
    for (const Epilogue& item : problem_.ops()[i].epilogue) {
      if (item.kind == Epilogue::act) continue;
      const Steps& x = item.kind == Epilogue::skip ? steps_.at("in") : next_extra();
      q[at++] = x.zero;
      q[at++] = item.kind == Epilogue::scale ? x.scale : x.scale / out.scale;
    }
  }

  const Problem& problem_;
  const Problem floats_;
  std::map<std::string, Steps> steps_;  // of input and further inputs
  Tensors result_;
};

}  // namespace

Tensors seeded_arguments(const Problem& problem, Fill kind, std::uint64_t seed) {
  if (problem.dtype() == DType::i8) return Quantiser(problem, kind, seed).result();
  Tensors all;
  for (const TensorSpec& spec : problem.tensors())
    if (spec.role != Role::output) all[spec.name] = fill(spec, problem, kind, seed);
  return all;
}

}  // namespace halcyon
