#include "suites/graph/call_constants.h"

#include "kernels/error.h"
#include "kernels/oracle/quantise.h"

namespace halcyon {
namespace {

class CallConstants {
 public:
  CallConstants(Graph& graph, const Unit& unit, const Problem& problem)
      : graph_(graph), unit_(unit), problem_(problem) {}

  Tensors operator()() {
    for (int op = 0; op < static_cast<int>(problem_.ops().size()); ++op) {
      if (!parameters_of(problem_.ops()[op]).empty()) add_weights(op);
      if (has_constants(problem_.dtype(), problem_.ops()[op]))
        constants_[problem_.name("q", op)] = constants_of(op);
    }
    return std::move(constants_);
  }

 private:
  const Quantisation& steps(int value) const { return graph_.values[value].stored.quantisation; }
  const Quantisation& steps_before(int op) const {
    return steps(op == 0 ? unit_.inputs.front() : unit_.results[op - 1]);
  }

  /// Null where the op has none: a bias of zeros, tokensum's weights.
  Parameter* parameter(int op, int which) const {
    const int index = unit_.parameters.at(2 * static_cast<std::size_t>(op) + which);
    return index < 0 ? nullptr : &graph_.parameters[index];
  }

  const TensorSpec* spec(const char* base, int op) const {
    for (const TensorSpec& spec : problem_.tensors())
      if (spec.name == problem_.name(base, op)) return &spec;
    return nullptr;
  }

  void add_weights(int op) {
    const TensorSpec *weight = spec("w", op), *bias = spec("b", op);
    if (!weight) return;
    Parameter *w = parameter(op, 0), *b = parameter(op, 1);
    if (problem_.dtype() == DType::i8) {
      std::vector<double> biases(w->scales.size());
      if (b) biases = b->numbers<double>();
      QuantisedSums sums = quantised_sums(numbers_of<double>(w->values), w->scales, biases,
                                          steps_before(op), steps(unit_.results[op]));
      constants_[bias->name] = std::move(sums.bias);
      constants_[problem_.name("m", op)] = std::move(sums.factors);
      constants_[weight->name] = std::move(w->values);
      return;
    }
    constants_[weight->name] = stored(w, *weight);
    constants_[bias->name] = stored(b, *bias);
  }

  static Tensor stored(Parameter* p, const TensorSpec& spec) {
    if (!p) return Tensor(spec.dtype, static_cast<std::size_t>(spec.elements()));
    if (p->values.dtype() == spec.dtype && !p->is_quantised()) return std::move(p->values);
    return Tensor::rounded(spec.dtype, p->numbers<double>());
  }

  Tensor constants_of(int op) const {
    const Op& o = problem_.ops()[op];
    const int result = unit_.results[op];
    if (o.kind->alone)
      return conversion_constants(o, steps(o.to == DType::i8 ? result : unit_.inputs.front()));
    std::size_t extra = 1;
    for (int before = 0; before < op; ++before)
      for (const Epilogue& item : problem_.ops()[before].epilogue)
        extra += item.kind == Epilogue::add || item.kind == Epilogue::scale;
    std::vector<Quantisation> operands;
    for (const Epilogue& item : o.epilogue)
      if (item.kind != Epilogue::act)
        operands.push_back(steps(unit_.inputs.at(item.kind == Epilogue::skip ? 0 : extra++)));
    return quantised_constants_of(o, steps_before(op), steps(result), operands);
  }

  Graph& graph_;
  const Unit& unit_;
  const Problem& problem_;
  Tensors constants_;
};

}  // namespace

Tensors call_constants(Graph& graph, const Unit& unit, const Problem& problem) {
  return CallConstants(graph, unit, problem)();
}

}  // namespace halcyon
