#include "schedules/apply/directives.h"

#include <algorithm>

namespace halcyon {

using Halide::TailStrategy;
using Halide::VarOrRVar;

Directive::Directive(const Step& s, Stages& all, Algorithm& a)
    : step(s),
      stages(all),
      algorithm(a),
      place(find_place(s, all, s.stage)),
      func(place.func),
      stage(place.stage()) {}

std::vector<VarOrRVar> Directive::loops_from(std::size_t i) const {
  std::vector<VarOrRVar> loops;
  for (; has(i); ++i) loops.push_back(loop(i));
  return loops;
}

VarOrRVar Directive::new_loop(std::size_t i, bool reduction,
                              const std::vector<std::string>& replaced) const {
  const auto among = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), word(i)) != names.end();
  };
  if (among(loops_of(place)) && !among(replaced))
    throw step_error(step, "'" + step.stage + "' already has a loop '" + word(i) + "'");
  return {word(i), reduction};
}

Halide::Var Directive::axis(std::size_t i) const {
  axis_of(step, func, word(i));
  return Halide::Var(word(i));
}

std::vector<Halide::Var> Directive::axes_from(std::size_t i) const {
  std::vector<Halide::Var> axes;
  for (; has(i); ++i) axes.push_back(axis(i));
  return axes;
}

TailStrategy Directive::tail(std::size_t i) const {
  static const std::map<std::string, TailStrategy> tails = {
      {"auto", TailStrategy::Auto},
      {"round_up", TailStrategy::RoundUp},
      {"guard_with_if", TailStrategy::GuardWithIf},
      {"predicate", TailStrategy::Predicate},
      {"predicate_loads", TailStrategy::PredicateLoads},
      {"predicate_stores", TailStrategy::PredicateStores},
      {"shift_inwards", TailStrategy::ShiftInwards},
      {"shift_inwards_and_blend", TailStrategy::ShiftInwardsAndBlend},
      {"round_up_and_blend", TailStrategy::RoundUpAndBlend}};
  return has(i) ? tails.at(word(i)) : TailStrategy::Auto;
}

/// The level carries no update index: Halide finds the use itself, and calls every level that has
/// an index invalid for a producer.
Halide::LoopLevel Directive::level() const {
  StageRef at = other(0);
  if (at.update < 0 && step.args[0].find('.') == std::string::npos) {
    const auto has_loop = [&](const StageRef& p) {
      const auto loops = loops_of(p);
      return std::find(loops.begin(), loops.end(), word(1)) != loops.end();
    };
    while (!has_loop(at) && at.update + 1 < at.func.num_update_definitions()) ++at.update;
    if (!has_loop(at)) at.update = -1;  // the message lists the pure definition's loops
  }
  return Halide::LoopLevel(at.func, find_loop(step, at, word(1)));
}

void Directive::add_stage(const std::string& name, const Halide::Func& f) {
  stages.emplace(name, f);
}

const DirectiveKind& directive_kind(const Step& step) {
  for (const auto& table :
       {loop_directives(), place_directives(), storage_directives(), stage_directives()})
    for (const DirectiveKind& kind : table)
      if (step.op == kind.op) return kind;
  throw step_error(step, "is not a directive");
}

void direct(const Step& step, Stages& stages, Algorithm& a) {
  const DirectiveKind& kind = directive_kind(step);
  if (kind.of == DirectiveKind::whole_stage && step.stage.find('.') != std::string::npos)
    throw step_error(step, "'" + step.op + "' is of a whole stage, not of one of its updates");
  Directive directive(step, stages, a);
  kind.run(directive);
}

}  // namespace halcyon
