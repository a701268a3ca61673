#include "kernels/oracle/arguments.h"

#include <algorithm>

#include "kernels/oracle/quantise.h"
#include "kernels/problem/problem_builder.h"

namespace halcyon {
namespace {

Tensor in_steps(TensorView values, const Quantisation& steps) {
  std::vector<double> numbers = numbers_of<double>(values);
  for (double& x : numbers) x = steps.of(x);
  return Tensor::rounded(DType::u8, numbers);
}

class Quantiser {
 public:
  Quantiser(const Problem& problem, Fill kind, std::uint64_t seed)
      : problem_(problem), floats_(with_dtype(problem, DType::f32)) {
    const Tensors random = seeded_arguments(floats_, Fill::random, seed);
    const Tensors wanted = kind == Fill::random ? random : seeded_arguments(floats_, kind, seed);
    for (const TensorSpec& spec : floats_.tensors()) {
      if (spec.role != Role::input && spec.role != Role::extra) continue;
      steps_[spec.name] = quantisation_for(range_of(random.at(spec.name)));
      result_[spec.name] = in_steps(wanted.at(spec.name), steps_.at(spec.name));
    }
    const auto ranges = result_ranges(floats_, random);
    Quantisation in = steps_.at("in");
    for (int i = 0; i < static_cast<int>(ranges.size()); ++i) {
      if (!requantises(problem.ops()[i])) continue;  // its result has its input's steps
      const Quantisation out = quantisation_for(ranges[i]);
      quantise(i, in, out, random);
      in = out;
    }
  }
  Tensors result() { return std::move(result_); }

 private:
  void quantise(int i, const Quantisation& in, const Quantisation& out, const Tensors& random) {
    const Op& op = problem_.ops()[i];
    if (!parameters_of(op).empty()) weigh(i, in, out, random);
    result_[problem_.name("q", i)] = quantised_constants_of(op, in, out, operands_of(i));
  }

  void weigh(int i, const Quantisation& in, const Quantisation& out, const Tensors& random) {
    const auto bias = numbers_of<double>(random.at(problem_.name("b", i)));
    const QuantisedWeights w = quantised_weights(random.at(problem_.name("w", i)), bias.size());
    QuantisedSums sums = quantised_sums(w.steps, w.scales, bias, in, out);
    result_[problem_.name("w", i)] = Tensor::rounded(DType::i8, w.steps);
    result_[problem_.name("b", i)] = std::move(sums.bias);
    result_[problem_.name("m", i)] = std::move(sums.factors);
  }

  std::vector<Quantisation> operands_of(int i) const {
    std::vector<Quantisation> operands;
    auto extra = problem_.tensors().begin();
    const auto next_extra = [&]() -> const Quantisation& {
      extra = std::find_if(extra, problem_.tensors().end(), [&](const TensorSpec& spec) {
        return spec.role == Role::extra && spec.op == i;
      });
      return steps_.at((extra++)->name);
    };
    for (const Epilogue& item : problem_.ops()[i].epilogue)
      if (item.kind != Epilogue::act)
        operands.push_back(item.kind == Epilogue::skip ? steps_.at("in") : next_extra());
    return operands;
  }

  const Problem& problem_;
  const Problem floats_;
  std::map<std::string, Quantisation> steps_;  // of input and further inputs
  Tensors result_;
};

/// Of a conversion: in f32 as any input; in i8 that, quantised.
Tensors conversion_arguments(const Problem& problem, Fill kind, std::uint64_t seed) {
  const auto in_f32 = [&](Fill of) {
    TensorSpec spec = problem.tensors().front();
    spec.dtype = DType::f32;
    return fill(spec, problem, of, seed);
  };
  const Op& op = problem.ops().front();
  const Tensor in = in_f32(kind);
  const Quantisation steps = quantisation_for(range_of(in_f32(Fill::random)));
  Tensors all;
  all["in"] = problem.dtype() == DType::i8
                  ? in_steps(in, steps)
                  : Tensor::rounded(problem.dtype(), numbers_of<double>(in));
  if (has_constants(problem.dtype(), op)) all["q"] = conversion_constants(op, steps);
  return all;
}

}  // namespace

Tensors seeded_arguments(const Problem& problem, Fill kind, std::uint64_t seed) {
  if (problem.ops().front().kind->alone) return conversion_arguments(problem, kind, seed);
  if (problem.dtype() == DType::i8) return Quantiser(problem, kind, seed).result();
  Tensors all;
  for (const TensorSpec& spec : problem.tensors())
    if (spec.role != Role::output) all[spec.name] = fill(spec, problem, kind, seed);
  return all;
}

}  // namespace halcyon
