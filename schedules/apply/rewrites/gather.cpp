#include "schedules/apply/names.h"
#include "schedules/apply/rewrites/graph_copier.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Func;
using Halide::Var;

bool is_loop(const std::string& decorated, const std::string& name) {
  return decorated.substr(0, decorated.find('$')) == name;
}

/// `values[j]` where i % count is j, as interleaved vectors: a tree of selects by the lowest bits of
/// i, which Halide turns into shuffles.
Expr interleaved(const Expr& i, const std::vector<Expr>& values) {
  if (values.size() == 1) return values.front();
  std::vector<Expr> even, odd;
  for (std::size_t j = 0; j < values.size(); ++j) (j % 2 ? odd : even).push_back(values[j]);
  const Expr rest = i / 2;
  return select(i % 2 == 0, interleaved(rest, even), interleaved(rest, odd));
}

/// The sum over a loop of a window goes by groups of neighbouring taps: what they read of a channel
/// stands side by side in a new stage, (count*c + j, x, ..), j the tap in its group. Where outputs
/// one apart read inputs one apart, it is over the input's x and they share it; else over the
/// output's x and the group.
class Gather : public GraphCopier {
 public:
  Gather(Algorithm& a, const Step& step)
      : algorithm_(a), step_(step), loop_(step.args[0]), count_(std::stoi(step.args[1])) {}
  bool found = false;

 protected:
  std::vector<Halide::Internal::ReductionVariable> loops(
      const Function& f, std::vector<Halide::Internal::ReductionVariable> all) override {
    if (stage_name(f.name()) != step_.stage) return all;
    for (auto& loop : all) {
      if (!is_loop(loop.var, loop_)) continue;
      // The taps that the last group has too many meet weights of zero.
      loop.extent = simplify((loop.extent + count_ - 1) / count_ * count_);
      variable_ = loop.var;
    }
    return all;
  }

  Expr read(const Function& reader, const Function& producer, int value_index,
            std::vector<Expr> at) override {
    const bool here = stage_name(reader.name()) == step_.stage && !variable_.empty() &&
                      at.size() > 2 && expr_uses_var(at[1], variable_) &&
                      stage_name(producer.name()) != weights();
    if (!here) return GraphCopier::read(reader, producer, value_index, std::move(at));
    const std::string stage = stage_name(producer.name());
    if (const auto p = algorithm_.paddings.find(stage);
        p == algorithm_.paddings.end() || !p->second.extent.contains(producer.args()[1]))
      throw step_error(step_, "'" + stage + "' is not padded along x, and the last group of taps "
                              "reads beyond the window");
    found = true;
    return side_by_side(copy(producer), at);
  }

 private:
  /// The argument that the sum multiplies by reads the loop, too, and stays as it is.
  std::string weights() const {
    return "w" + step_.stage.substr(std::string("acc").size());
  }

  Expr side_by_side(const Func& source, const std::vector<Expr>& at) {
    using Halide::Internal::substitute;
    const Expr tap = Halide::Internal::Variable::make(Halide::Int(32), variable_);
    const auto at_tap = [&](const Expr& t) { return simplify(substitute(variable_, t, at[1])); };
    const Expr apart = simplify(at_tap(1) - at_tap(0)), first = simplify(tap / count_ * count_);
    const Var i("i"), x("x"), group("g");
    const bool shared = is_const_one(simplify(substitute("x", x + 1, at[1]) - at[1]));
    std::vector<Expr> outer(at.begin() + 2, at.end());
    if (!stage_.defined()) {
      stage_ = Func(step_.args[2]);
      std::vector<Var> axes = {i, x};
      if (!shared) axes.push_back(group);
      const auto others = to_vars(source.function().args());
      axes.insert(axes.end(), others.begin() + 2, others.end());
      std::vector<Expr> taps;
      for (int j = 0; j < count_; ++j) {
        std::vector<Expr> from = {i / count_, shared ? x + j * apart : at_tap(group * count_ + j)};
        from.insert(from.end(), others.begin() + 2, others.end());
        taps.push_back(source(from));
      }
      stage_(axes) = interleaved(i, taps);
    }
    std::vector<Expr> where = {at[0] * count_ + tap % count_};
    if (shared) {
      where.push_back(at_tap(first));
    } else {
      where.emplace_back(x);
      where.push_back(tap / count_);
    }
    where.insert(where.end(), outer.begin(), outer.end());
    return stage_(where);
  }

  Algorithm& algorithm_;
  const Step& step_;
  const std::string loop_;
  const int count_;
  std::string variable_;  // Halide's name of the loop
  Func stage_;
};

}  // namespace

void rewrite_gather(Algorithm& a, const Step& step) {
  find_stage(step, stages_of(a), step.stage);
  if (const int count = std::stoi(step.args[1]); count != 2 && count != 4)
    throw step_error(step, "gathers 2 or 4 taps");
  Gather gather(a, step);
  gather.run(a);
  if (!gather.found)
    throw step_error(step, "'" + step.stage + "' is no sum over a window with a loop '" +
                               step.args[0] + "'");
}

}  // namespace halcyon
