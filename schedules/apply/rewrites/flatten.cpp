#include <algorithm>
#include <sstream>

#include "schedules/apply/names.h"
#include "schedules/apply/rewrites/graph_copier.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Func;
using Halide::Internal::Call;

class Flatten : public GraphCopier {
 public:
  Flatten(const Algorithm& a, const Step& step, std::size_t inner, int width)
      : algorithm_(a), step_(step), inner_(inner), width_(width) {}

  /// For an argument: what the stage reads from now on.
  Halide::ImageParam argument;

 protected:
  Func define(const Function& f) override {
    if (stage_name(f.name()) != step_.stage) return GraphCopier::define(f);
    std::vector<std::string> axes = f.args();
    const Halide::Var p(step_.args[2]);
    const Variables old = {{axes[inner_], p % width_}, {axes[inner_ + 1], p / width_}};
    axes[inner_] = step_.args[2];
    axes.erase(axes.begin() + inner_ + 1);
    if (!argument.defined()) return define_over(f, axes, old, step_.stage);
    const std::vector<Halide::Var> vars = to_vars(axes);
    Func g(step_.stage + "_im");
    g(vars) = Call::make(argument.parameter(), {vars.begin(), vars.end()});
    return g;
  }

  std::vector<Expr> coordinates(const Function& f, std::vector<Expr> at) override {
    if (stage_name(f.name()) != step_.stage) return at;
    at[inner_] = at[inner_ + 1] * width_ + at[inner_];
    at.erase(at.begin() + inner_ + 1);
    return at;
  }

  /// A read past the end of row y would give the start of row y + 1, so the inner coordinate must
  /// be provably inside for every place that the reader computes.
  void on_read(const Function& reader, const Call* read) override {
    if (stage_name(read->name) != step_.stage) return;
    const Expr& at = read->args[inner_];
    const auto range = bounds_of_expr_in_scope(at, domain_of(reader));
    if (range.is_bounded() && Halide::Internal::is_const_one(
                                  Halide::Internal::simplify(range.min >= 0 && range.max < width_)))
      return;
    std::ostringstream where;
    where << at;
    throw step_error(step_, "'" + stage_name(reader.name()) + "' reads it at " + where.str() +
                                ", which is not known to stay in [0, " + std::to_string(width_) +
                                ")");
  }

 private:
  using Domain = Halide::Internal::Scope<Halide::Internal::Interval>;
  Domain domain_of(const Function& reader) const {
    Domain domain;
    const auto extents = algorithm_.extents.find(stage_name(reader.name()));
    if (extents != algorithm_.extents.end())
      for (std::size_t i = 0; i < reader.args().size(); ++i)
        domain.push(reader.args()[i], {0, extents->second[i] - 1});
    for (const Definition& d : reader.updates())
      for (const auto& r : d.schedule().rvars())
        domain.push(r.var, {r.min, Halide::Internal::simplify(r.min + r.extent - 1)});
    // A padded stage pads just the axes along which its reader leaves the source.
    const auto padding = algorithm_.paddings.find(stage_name(reader.name()));
    if (padding != algorithm_.paddings.end() &&
        !padding->second.extent.count(reader.args()[inner_]))
      domain.push(reader.args()[inner_], {0, width_ - 1});
    return domain;
  }

  const Algorithm& algorithm_;
  const Step& step_;
  std::size_t inner_;
  int width_;
};

/// In an update, both axes must be the stage's own: after `divide` one of them is a piece's loop.
void check_updates(const Step& step, const Func& f, std::size_t inner) {
  for (const auto& d : f.function().updates())
    for (std::size_t i : {inner, inner + 1}) {
      const auto* v = d.args()[i].as<Halide::Internal::Variable>();
      if (!v || v->reduction_domain.defined() || v->name != f.function().args()[i])
        throw step_error(step, "an update of '" + step.stage + "' has a loop of its own for " +
                                   f.function().args()[i] + "; flatten stands before divide");
    }
}

void check_new_name(const Step& step, const Func& f, const std::string& name) {
  const auto taken = [&](const std::string& other) {
    return other == name && other != step.args[0] && other != step.args[1];
  };
  bool clash = std::any_of(f.function().args().begin(), f.function().args().end(), taken);
  for (int i = 0; i < f.num_update_definitions(); ++i)
    for (const auto& r : f.function().update(i).schedule().rvars())
      clash |= taken(loop_name(r.var));
  if (clash) throw step_error(step, "'" + step.stage + "' already has an axis or loop " + name);
}

}  // namespace

void rewrite_flatten(Algorithm& a, const Step& step) {
  const Func f = find_stage(step, stages_of(a), step.stage);
  const std::size_t inner = axis_of(step, f, step.args[0]), outer = axis_of(step, f, step.args[1]);
  if (outer != inner + 1)
    throw step_error(step, "the axes must be neighbours, the inner one first");
  check_new_name(step, f, step.args[2]);
  check_updates(step, f, inner);
  const auto found = a.extents.find(step.stage);
  if (found == a.extents.end())
    throw step_error(step, "'" + step.stage + "' stands for no tensor: its extents are not stated");
  std::vector<int> extents = found->second;
  if (std::int64_t{extents[inner]} * extents[outer] > (std::int64_t{1} << 31) - 1)
    throw step_error(step, "makes an axis too long for Halide");

  Flatten flatten(a, step, inner, extents[inner]);
  if (const int i = input_index(a, step.stage); i >= 0) {
    flatten.argument =
        Halide::ImageParam(a.inputs[i].type(), a.inputs[i].dimensions() - 1, step.stage);
    a.inputs[i] = flatten.argument;
  }
  flatten.run(a);
  extents[inner] *= extents[outer];
  extents.erase(extents.begin() + outer);
  a.extents[step.stage] = extents;
}

}  // namespace halcyon
