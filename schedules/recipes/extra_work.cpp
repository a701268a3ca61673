#include "schedules/recipes/extra_work.h"

#include <algorithm>

#include "kernels/problem/activation_form.h"
#include "schedules/recipes/tile.h"

namespace halcyon {
namespace {

/// How many times as much is computed when `extent` is rounded up to a multiple.
double rounding(int extent, int multiple) {
  const int whole = (extent - 1) / multiple + 1;
  return static_cast<double>(whole) * multiple / extent;
}

/// The steps of one op.
class OpSteps {
 public:
  OpSteps(const Problem& problem, int op, const Schedule& schedule)
      : op_(problem.ops()[static_cast<std::size_t>(op)]),
        acc_(problem.name("acc", op)),
        result_(problem.result_name(op)),
        schedule_(schedule) {}

  /// Elements of the accumulators' vectors.
  int lanes() const {
    for (const Step& s : schedule_)
      if (s.op == "vectorize" && s.stage.ends_with(".update") && is_of(s.stage, acc_) &&
          s.args[0] == "c")
        return std::stoi(s.args[1]);
    return 1;
  }

  double channels(int lanes) const {
    const int shifted = factor_of("c", true);
    return rounding(op_.out.c, shifted > 0 ? shifted : lanes);
  }
  double points() const {
    const std::pair<const char*, int> axes[] = {
        {"x", op_.out.w}, {"y", op_.out.h}, {"p", op_.out.n * op_.out.h * op_.out.w}};
    double all = 1;
    for (const auto& [axis, extent] : axes)
      if (const int tile = factor_of(axis, false); tile > 0) all *= rounding(extent, tile);
    return all;
  }

 private:
  /// "acc", "acc_0", "acc.update", "acc_0.update": pieces and updates of a stage.
  static bool is_of(const std::string& stage, const std::string& name) {
    return stage.starts_with(name) &&
           (stage.size() == name.size() || stage[name.size()] == '_' || stage[name.size()] == '.');
  }

  /// The factor by which the result is split along an axis in tiles that are all whole; 0 without
  /// one. Pieces of a divided axis are whole anyway.
  int factor_of(const char* axis, bool of_pieces) const {
    for (const Step& s : schedule_) {
      const bool here = of_pieces ? is_of(s.stage, result_) : s.stage == result_;
      if (!here || s.op != "split" || s.args[0] != axis) continue;
      const bool guarded = s.args.size() > 4 && s.args[4] == "guard_with_if";
      return guarded ? 0 : std::stoi(s.args[3]);
    }
    return 0;
  }

  const Op& op_;
  const std::string acc_, result_;
  const Schedule& schedule_;
};

/// Of the form of a function that the schedule picks.
int instructions_of(Act function, const Schedule& schedule) {
  int level = -1;
  for (const Step& s : schedule)
    if (Act act; s.op == "act" && act_from_text(s.args[0], &act) && act == function)
      level = std::stoi(s.args[1]);
  const ActivationForm* form = find_form(function, level);
  return form ? form->instructions : 0;
}

double activation_of(const Op& op, const Schedule& schedule) {
  double sum = 0;
  for (const Epilogue& e : op.epilogue)
    if (e.kind == Epilogue::act)
      sum += static_cast<double>(op.out.elements()) * instructions_of(e.function, schedule);
  if (op.squeeze > 0)
    sum += op.out.n * (op.squeeze * instructions_of(op.squeeze_act, schedule) +
                       op.out.c * instructions_of(op.gate, schedule));
  return sum;
}

}  // namespace

ExtraWork extra_work(const Problem& problem, const Schedule& schedule, const Target& target) {
  ExtraWork extra;
  for (std::size_t i = 0; i < problem.ops().size(); ++i) {
    const Op& op = problem.ops()[i];
    extra.activation += activation_of(op, schedule);
    const std::int64_t macs = op.kind->macs ? op.kind->macs(op, false) : 0;
    if (macs == 0 || op.squeeze > 0) continue;  // squeeze-and-excite: its products are small
    const OpSteps steps(problem, static_cast<int>(i), schedule);
    const int lanes = steps.lanes();
    const double rate =
        elements_per_cycle(target, target.lanes()) / elements_per_cycle(target, lanes);
    const double computed = steps.channels(lanes) * steps.points() * rate;
    extra.tail += static_cast<double>(macs) * std::max(0.0, computed - 1);
  }
  return extra;
}

}  // namespace halcyon
