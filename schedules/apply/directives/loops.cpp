#include <algorithm>

#include "schedules/apply/directives.h"
#include "schedules/apply/panel_ahead.h"

namespace halcyon {
namespace {

using Halide::VarOrRVar;

void split(Directive& d) {
  const VarOrRVar old = d.loop(0);
  const std::vector<std::string> replaced = {d.word(0)};
  d.stage.split(old, d.new_loop(1, old.is_rvar, replaced), d.new_loop(2, old.is_rvar, replaced),
                d.number(3), d.tail(4));
}

void fuse(Directive& d) {
  const VarOrRVar inner = d.loop(0), outer = d.loop(1);
  d.stage.fuse(inner, outer, d.new_loop(2, inner.is_rvar && outer.is_rvar, {d.word(0), d.word(1)}));
}

void rename(Directive& d) {
  const VarOrRVar old = d.loop(0);
  d.stage.rename(old, d.new_loop(1, old.is_rvar, {d.word(0)}));
}

void reorder(Directive& d) { d.stage.reorder(d.loops_from(0)); }

/// vectorize, unroll, parallel: of the whole loop, or of an inner part with a size and a tail.
template <auto Whole, auto Part>
void mark(Directive& d) {
  const VarOrRVar loop = d.loop(0);
  if (d.has(1))
    (d.stage.*Part)(loop, d.number(1), d.tail(2));
  else
    (d.stage.*Whole)(loop);
}

using Stage = Halide::Stage;
using WholeLoop = Stage& (Stage::*)(const VarOrRVar&);
using PartOfLoop = Stage& (Stage::*)(const VarOrRVar&, const Halide::Expr&, Halide::TailStrategy);

void vectorize(Directive& d) {
  mark<WholeLoop(&Stage::vectorize), PartOfLoop(&Stage::vectorize)>(d);
}
void unroll(Directive& d) { mark<WholeLoop(&Stage::unroll), PartOfLoop(&Stage::unroll)>(d); }
void parallel(Directive& d) { mark<WholeLoop(&Stage::parallel), PartOfLoop(&Stage::parallel)>(d); }
void serial(Directive& d) { d.stage.serial(d.loop(0)); }
void always_partition(Directive& d) { d.stage.always_partition(d.loops_from(0)); }
void never_partition(Directive& d) { d.stage.never_partition(d.loops_from(0)); }
void atomic(Directive& d) { d.stage.atomic(); }

/// What is prefetched is a stage's storage or, for a stage that only reads an argument, the
/// argument.
void prefetch(Directive& d) {
  const Halide::Func producer = d.other(0).func;
  const auto* read = producer.function().values()[0].as<Halide::Internal::Call>();
  const VarOrRVar at = d.loop(1), from = d.loop(2);
  if (read && read->param.defined())
    d.stage.prefetch(read->param, at, from, d.number(3));
  else
    d.stage.prefetch(producer, at, from, d.number(3));
}

/// The loop as it is called once lowered. Throws step_error when there is none.
PanelAhead::Loop lowered(const Step& step, const StageRef& at, const std::string& name) {
  find_loop(step, at, name);
  return {at.func.name() + ".s" + std::to_string(at.update + 1) + ".", name};
}

void ahead(Directive& d) {
  const auto weight = std::find_if(d.algorithm.inputs.begin(), d.algorithm.inputs.end(),
                                   [&](const auto& input) { return input.name() == d.word(0); });
  if (weight == d.algorithm.inputs.end())
    throw step_error(d.step, "'" + d.word(0) + "' is no argument");
  const auto part_of = [&](const Halide::Expr& elements) {
    return static_cast<int>(*Halide::Internal::as_const_int(elements));
  };
  const int last = weight->dimensions() - 1;
  PanelAhead::What what{.argument = d.word(0),
                        .element_bytes = weight->type().bytes(),
                        .part = part_of(weight->parameter().stride_constraint(last)),
                        .at = lowered(d.step, d.place, d.word(1)),
                        .parts = {},
                        .rate = d.number(2)};
  if (d.has(3))
    what.parts = lowered(d.step, d.other(3), d.word(4));
  else
    what.part *= part_of(weight->parameter().extent_constraint(last));
  d.algorithm.passes.push_back(std::make_shared<PanelAhead>(what));
}

}  // namespace

std::span<const DirectiveKind> loop_directives() {
  using K = DirectiveKind;
  static constexpr K kinds[] = {
      {"split", K::any_definition, K::in_order, split},
      {"fuse", K::any_definition, K::in_order, fuse},
      {"rename", K::any_definition, K::in_order, rename},
      {"reorder", K::any_definition, K::in_order, reorder},
      {"vectorize", K::any_definition, K::in_order, vectorize},
      {"unroll", K::any_definition, K::in_order, unroll},
      {"parallel", K::any_definition, K::in_order, parallel},
      {"serial", K::any_definition, K::in_order, serial},
      {"always_partition", K::any_definition, K::in_order, always_partition},
      {"never_partition", K::any_definition, K::in_order, never_partition},
      {"atomic", K::any_definition, K::in_order, atomic},
      {"prefetch", K::any_definition, K::in_order, prefetch},
      {"ahead", K::any_definition, K::when_nests_are_final, ahead},
  };
  return kinds;
}

}  // namespace halcyon
