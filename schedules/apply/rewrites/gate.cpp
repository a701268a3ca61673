#include <algorithm>

#include "schedules/apply/names.h"
#include "schedules/apply/rewrites/graph_copier.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Func;
using Halide::Internal::Call;
using Halide::Internal::Function;
using Halide::Internal::Mul;

/// t(c, x, y) = of(c, x, y) * factor, where factor knows no axis but c.
struct Gated {
  const Call* of = nullptr;
  Expr factor;
};

/// Whether `e` reads a stage at just the axes of `f`.
const Call* read_here(const Expr& e, const Function& f) {
  const auto* call = e.as<Call>();
  if (!call || call->call_type != Call::Halide || call->args.size() != f.args().size())
    return nullptr;
  for (std::size_t i = 0; i < call->args.size(); ++i) {
    const auto* v = call->args[i].as<Halide::Internal::Variable>();
    if (!v || v->name != f.args()[i]) return nullptr;
  }
  return call;
}

Gated gated(const Step& step, const Function& f) {
  const Expr value = Halide::Internal::substitute_in_all_lets(f.values()[0]);
  if (const auto* product = value.as<Mul>(); product && f.updates().empty())
    for (const auto& [of, factor] : {std::pair(product->a, product->b), {product->b, product->a}}) {
      const bool other_axes =
          std::any_of(f.args().begin() + 1, f.args().end(),
                      [&factor = factor](const auto& axis) { return expr_uses_var(factor, axis); });
      if (const Call* call = read_here(of, f); call && !other_axes) return {call, factor};
    }
  throw step_error(step, "'" + step.stage + "' is not a tensor times one value per channel");
}

/// The weights that a sum multiplies the gated tensor by: acc(..) += t(k, ..) * w(c, k).
const Call* weights_beside(const Function& reader, const std::string& tensor) {
  for (const auto& update : reader.updates()) {
    const Expr value = Halide::Internal::substitute_in_all_lets(update.values()[0]);
    const auto* sum = value.as<Halide::Internal::Add>();
    for (const Expr& term : sum ? std::vector<Expr>{sum->a, sum->b} : std::vector<Expr>{}) {
      const auto* product = term.as<Mul>();
      const auto* a = product ? product->a.as<Call>() : nullptr;
      const auto* b = product ? product->b.as<Call>() : nullptr;
      if (!a || !b) continue;
      const Call *t = a->name == tensor ? a : b, *w = a->name == tensor ? b : a;
      if (t->name == tensor && w->args.size() == 2 && equal(w->args[1], t->args[0])) return w;
    }
  }
  return nullptr;
}

class Gate : public GraphCopier {
 public:
  Gate(const Step& step, const Function& tensor, Gated what, const Call* weights)
      : step_(step), tensor_(tensor), what_(std::move(what)), weights_(weights) {}

  Func copy(const Function& f) override {
    if (f.name() == tensor_.name()) return copy(Function(what_.of->func));
    if (f.name() != weights_->name) return GraphCopier::copy(f);
    if (!product_.defined()) {
      const Halide::Var c(f.args()[0]), k(f.args()[1]);
      product_ = Func(step_.args[0]);
      product_(c, k) = GraphCopier::copy(f)(c, k) *
                       GraphCopier::copy(tensor_, what_.factor, {{tensor_.args()[0], k}});
    }
    return product_;
  }
  using GraphCopier::copy;

 private:
  const Step& step_;
  const Function tensor_;
  const Gated what_;
  const Call* weights_;
  Func product_;
};

}  // namespace

void rewrite_gate(Algorithm& a, const Step& step) {
  const Stages stages = stages_of(a);
  const Func f = find_stage(step, stages, step.stage);
  const Gated what = gated(step, f.function());
  if (stages.contains(step.args[0]))
    throw step_error(step, "there is a stage '" + step.args[0] + "' already");
  std::vector<Func> readers;
  for (const auto& [name, reader] : stages)
    if (Halide::Internal::find_direct_calls(reader.function()).contains(f.name()) &&
        name != step.stage)
      readers.push_back(reader);
  const Call* weights =
      readers.size() == 1 ? weights_beside(readers[0].function(), f.name()) : nullptr;
  const int input = weights ? input_index(a, stage_name(weights->name)) : -1;
  if (input < 0)
    throw step_error(step,
                     "'" + step.stage +
                         "' is not read by one sum of its products with an argument's weights "
                         "(c, k) alone");
  Gate(step, f.function(), what, weights).run(a);
  a.extents[step.args[0]] = a.extents.at(stage_name(weights->name));
  a.extents.erase(step.stage);
}

}  // namespace halcyon
