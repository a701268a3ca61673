#include "schedules/apply/directives.h"

namespace halcyon {
namespace {

using Halide::MemoryType;

void store_in(Directive& d) {
  d.func.store_in(d.word(0) == "stack"  ? MemoryType::Stack
                  : d.word(0) == "heap" ? MemoryType::Heap
                                        : MemoryType::Register);
}
void align_bounds(Directive& d) { d.func.align_bounds(d.axis(0), d.number(1)); }
void align_storage(Directive& d) { d.func.align_storage(d.axis(0), d.number(1)); }
void bound_extent(Directive& d) { d.func.bound_extent(d.axis(0), d.number(1)); }
void bound_storage(Directive& d) { d.func.bound_storage(d.axis(0), d.number(1)); }
void fold_storage(Directive& d) { d.func.fold_storage(d.axis(0), d.number(1)); }
void reorder_storage(Directive& d) { d.func.reorder_storage(d.axes_from(0)); }

}  // namespace

std::span<const DirectiveKind> storage_directives() {
  using K = DirectiveKind;
  static constexpr K kinds[] = {
      {"store_in", K::whole_stage, K::in_order, store_in},
      {"align_bounds", K::whole_stage, K::in_order, align_bounds},
      {"align_storage", K::whole_stage, K::in_order, align_storage},
      {"bound_extent", K::whole_stage, K::in_order, bound_extent},
      {"bound_storage", K::whole_stage, K::in_order, bound_storage},
      {"fold_storage", K::whole_stage, K::in_order, fold_storage},
      {"reorder_storage", K::whole_stage, K::in_order, reorder_storage},
  };
  return kinds;
}

}  // namespace halcyon
