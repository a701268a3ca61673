#include "schedules/apply/directives.h"

namespace halcyon {
namespace {

void must_be_new(const Directive& d, const std::string& name) {
  if (d.stages.contains(name)) throw step_error(d.step, "stage '" + name + "' exists already");
}

/// The consumers from argument i on. Halide would miss one that does not read the stage only when
/// it lowers, long after this step.
std::vector<Halide::Func> consumers(const Directive& d, std::size_t i) {
  std::vector<Halide::Func> all;
  for (; d.has(i); ++i) {
    const Halide::Func consumer = d.other(i).func;
    if (!Halide::Internal::find_direct_calls(consumer.function()).contains(d.func.name()))
      throw step_error(d.step, "'" + d.word(i) + "' does not read '" + d.step.stage + "'");
    all.push_back(consumer);
  }
  return all;
}

void in(Directive& d) {
  must_be_new(d, d.word(0));
  d.add_stage(d.word(0), d.has(1) ? d.func.in(consumers(d, 1)) : d.func.in());
}

void clone(Directive& d) {
  must_be_new(d, d.word(0));
  d.add_stage(d.word(0), d.func.clone_in(consumers(d, 1)));
}

void rfactor(Directive& d) {
  must_be_new(d, d.word(0));
  std::vector<std::pair<Halide::RVar, Halide::Var>> preserved;
  for (std::size_t i = 1; d.has(i); i += 2) {
    const Halide::VarOrRVar loop = d.loop(i);
    if (!loop.is_rvar)
      throw step_error(d.step, "'" + d.word(i) + "' is an axis, not a loop of the reduction");
    preserved.emplace_back(loop.rvar, Halide::Var(d.word(i + 1)));
  }
  d.add_stage(d.word(0), d.stage.rfactor(preserved));
}

}  // namespace

std::span<const DirectiveKind> stage_directives() {
  using K = DirectiveKind;
  static constexpr K kinds[] = {
      {"in", K::whole_stage, K::in_order, in},
      {"clone", K::whole_stage, K::in_order, clone},
      {"rfactor", K::any_definition, K::in_order, rfactor},
  };
  return kinds;
}

}  // namespace halcyon
