#include "schedules/apply/directives.h"

namespace halcyon {
namespace {

void compute_root(Directive& d) { d.func.compute_root(); }
void compute_at(Directive& d) { d.func.compute_at(d.level()); }
void store_root(Directive& d) { d.func.store_root(); }
void store_at(Directive& d) { d.func.store_at(d.level()); }
void hoist_storage(Directive& d) { d.func.hoist_storage(d.level()); }
void hoist_storage_root(Directive& d) { d.func.hoist_storage_root(); }

void compute_with(Directive& d) {
  const StageRef with = d.other(0);
  d.stage.compute_with(with.stage(), find_loop(d.step, with, d.word(1)));
}

}  // namespace

std::span<const DirectiveKind> place_directives() {
  using K = DirectiveKind;
  static constexpr K kinds[] = {
      {"compute_root", K::whole_stage, K::in_order, compute_root},
      {"compute_at", K::whole_stage, K::when_nests_are_final, compute_at},
      {"store_root", K::whole_stage, K::in_order, store_root},
      {"store_at", K::whole_stage, K::when_nests_are_final, store_at},
      {"hoist_storage", K::whole_stage, K::when_nests_are_final, hoist_storage},
      {"hoist_storage_root", K::whole_stage, K::in_order, hoist_storage_root},
      {"compute_with", K::any_definition, K::when_nests_are_final, compute_with},
  };
  return kinds;
}

}  // namespace halcyon
