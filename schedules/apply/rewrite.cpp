#include "schedules/apply/rewrite.h"

#include "schedules/apply/names.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

struct Rewrite {
  std::string_view op;
  void (*run)(Algorithm&, const Step&);
};
constexpr Rewrite kRewrites[] = {{"pack", rewrite_pack},         {"interleave", rewrite_interleave},
                                 {"round", rewrite_round},       {"flatten", rewrite_flatten},
                                 {"pad", rewrite_pad},           {"divide", rewrite_divide},
                                 {"gate", rewrite_gate},         {"fill", rewrite_fill},
                                 {"gather", rewrite_gather},     {"signed", rewrite_signed},
                                 {"winograd", rewrite_winograd}, {"act", rewrite_act}};

}  // namespace

void rewrite(Algorithm& a, const Step& step) {
  for (const Rewrite& r : kRewrites)
    if (r.op == step.op) return r.run(a, step);
  throw step_error(step, "is not a rewrite");
}

int input_index(const Algorithm& a, const std::string& name) {
  for (std::size_t i = 0; i < a.inputs.size(); ++i)
    if (a.inputs[i].name() == name) return static_cast<int>(i);
  return -1;
}

void must_be_input(const Algorithm& a, const Step& step) {
  if (input_index(a, step.stage) >= 0) return;
  find_stage(step, stages_of(a), step.stage);
  std::string inputs;
  for (const auto& input : a.inputs) inputs += " " + input.name();
  throw step_error(step, "'" + step.stage + "' is no input; inputs are" + inputs);
}

}  // namespace halcyon
