#include "kernels/algorithms/activation.h"
#include "schedules/apply/names.h"
#include "schedules/apply/rewrites/graph_copier.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Internal::Call;

constexpr std::string_view kPrefix = "halcyon_";

/// The function of an activation's placeholder; false for any other call.
bool is_activation(const Call* c, Act* act) {
  return c->call_type == Call::PureExtern && c->name.starts_with(kPrefix) &&
         act_from_text(std::string_view(c->name).substr(kPrefix.size()), act);
}

class ChooseForm : public GraphCopier {
 public:
  ChooseForm(std::string stage, Act act, int level)
      : stage_(std::move(stage)), act_(act), level_(level) {}
  int chosen = 0;
  std::string others;  // activations of the stage that are of another function

 protected:
  Expr external(const Function& reader, const Call* c, std::vector<Expr> args) override {
    Act act;
    if (stage_name(reader.name()) != stage_ || !is_activation(c, &act))
      return GraphCopier::external(reader, c, args);
    if (act != act_) {
      others += " " + std::string(to_text(act));
      return GraphCopier::external(reader, c, args);
    }
    ++chosen;
    return activation_form(act, level_, args[0]);
  }

 private:
  std::string stage_;
  Act act_;
  int level_;
};

class ChoosePrecise : public GraphCopier {
 protected:
  Expr external(const Function& reader, const Call* c, std::vector<Expr> args) override {
    Act act;
    return is_activation(c, &act) ? activation_form(act, -1, args[0])
                                  : GraphCopier::external(reader, c, args);
  }
};

}  // namespace

void rewrite_act(Algorithm& a, const Step& step) {
  find_stage(step, stages_of(a), step.stage);
  Act act;
  act_from_text(step.args[0], &act);
  ChooseForm choose(step.stage, act, std::stoi(step.args[1]));
  choose.run(a);
  if (choose.chosen == 0)
    throw step_error(step, "'" + step.stage + "' has no " + step.args[0] +
                               " without a form; it has" +
                               (choose.others.empty() ? " no other activation" : choose.others));
}

void use_precise_activations(Algorithm& a) { ChoosePrecise().run(a); }

}  // namespace halcyon
