#include "schedules/apply/apply.h"

#include "schedules/apply/directives.h"
#include "schedules/apply/rewrite.h"
#include "schedules/apply/rewrites/rewrites.h"
#include "schedules/language/layout.h"

namespace halcyon {
namespace {

/// What Halide refuses while a step is carried out is that step's fault.
template <class Fn>
void attributed(const Step& step, Fn&& fn) {
  try {
    fn();
  } catch (const Halide::Error& e) {
    throw step_error(step, plain_text(e));
  }
}

/// Fixes bounds and strides of an argument, and what its address is a multiple of. Estimates are
/// for autoschedulers.
void pin(Halide::OutputImageParam argument, const Layout& memory) {
  int stride = 1;
  for (std::size_t i = 0; i < memory.extents.size(); ++i) {
    const int extent = memory.extents[i];
    argument.dim(i).set_bounds(0, extent).set_stride(stride).set_estimate(0, extent);
    stride *= extent;
  }
  argument.set_host_alignment(memory.alignment());
}

void pin(Algorithm& a, const std::vector<Layout>& memory) {
  for (std::size_t i = 0; i < a.inputs.size(); ++i) pin(a.inputs[i], memory[i]);
  for (std::size_t i = 0; i < a.outputs.size(); ++i) {
    const Layout& own = memory[a.inputs.size() + i];
    Halide::Func& output = a.outputs[i];
    for (std::size_t axis = 0; axis < own.extents.size(); ++axis) {
      const Halide::Var v = output.args()[axis];
      output.bound(v, 0, own.extents[axis]).set_estimate(v, 0, own.extents[axis]);
    }
    pin(output.output_buffer(), own);
  }
}

}  // namespace

void apply_schedule(Algorithm& a, const Problem& problem, const Schedule& schedule) {
  check_schedule(schedule);
  const std::vector<Layout> memory = layouts(problem, schedule);
  const auto is_rewrite = [](const Step& step) { return find_step_op(step.op)->rewrites; };
  for (const Step& step : schedule)
    if (is_rewrite(step)) attributed(step, [&] { rewrite(a, step); });
  use_precise_activations(a);
  pin(a, memory);
  Stages stages = stages_of(a);
  for (const auto when : {DirectiveKind::in_order, DirectiveKind::when_nests_are_final})
    for (const Step& step : schedule)
      if (!is_rewrite(step) && directive_kind(step).when == when)
        attributed(step, [&] { direct(step, stages, a); });
}

}  // namespace halcyon
