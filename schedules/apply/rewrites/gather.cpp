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

/// The loop called `name` as an expression has it, with the reduction that it is of.
class FindLoop : public Halide::Internal::IRVisitor {
 public:
  explicit FindLoop(const std::string& name) : name_(name) {}
  Expr loop;

 private:
  using IRVisitor::visit;
  void visit(const Halide::Internal::Variable* v) override {
    if (v->name == name_) loop = v;
  }
  const std::string& name_;
};

/// The sum over a loop of a window goes by groups of neighbouring taps: what they read of a channel
/// stands side by side in a new stage, (j, c, x, ..), j the tap in its group. Where outputs
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
      throw step_error(step_, "'" + stage +
                                  "' is not padded along x, and the last group of taps "
                                  "reads beyond the window");
    found = true;
    return side_by_side(copy(producer), at);
  }

 private:
  /// The argument that the sum multiplies by reads the loop, too, and stays as it is.
  std::string weights() const { return "w" + step_.stage.substr(std::string("acc").size()); }

  Expr side_by_side(const Func& source, const std::vector<Expr>& at) {
    using Halide::Internal::substitute;
    FindLoop find(variable_);
    at[1].accept(&find);
    const Expr tap = find.loop;
    const auto at_tap = [&](const Expr& t) { return simplify(substitute(variable_, t, at[1])); };
    const Expr apart = simplify(at_tap(1) - at_tap(0)), first = simplify(tap / count_ * count_);
    const Var j("j"), x("x"), group("g");
    const bool shared = is_const_one(simplify(substitute("x", x + 1, at[1]) - at[1]));
    std::vector<Expr> outer(at.begin() + 2, at.end());
    if (!stage_.defined()) {
      stage_ = Func(step_.args[2]);
      const auto others = to_vars(source.function().args());
      std::vector<Var> axes = {j, others[0], x};
      if (!shared) axes.push_back(group);
      axes.insert(axes.end(), others.begin() + 2, others.end());
      std::vector<Expr> from = {others[0], shared ? x + j * apart : at_tap(group * count_ + j)};
      from.insert(from.end(), others.begin() + 2, others.end());
      stage_(axes) = source(from);
    }
    std::vector<Expr> where = {tap % count_, at[0]};
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

/// A lowering pass: bytes that are interleaved by fours are put together in lanes of 32 bits, by
/// shifts. LLVM would interleave the vectors two by two, in three permutations of two registers
/// each, and there is one unit for those.
class PutTogether : public Halide::Internal::IRMutator {
 private:
  using IRMutator::visit;
  Expr visit(const Halide::Internal::Shuffle* s) override {
    const Expr e = IRMutator::visit(s);
    s = e.as<Halide::Internal::Shuffle>();
    if (!s || !s->is_interleave() || s->type.bits() != 8 || s->vectors.size() != 4) return e;
    const Halide::Type wide = Halide::UInt(32, s->type.lanes() / 4);
    Expr all;
    for (int j = 0; j < 4; ++j) {
      const Expr byte = cast(wide, s->vectors[j]);
      all = j == 0 ? byte : all | byte << Halide::Internal::make_const(wide, 8 * j);
    }
    return Halide::Internal::Reinterpret::make(s->type, all);
  }
};

}  // namespace

void rewrite_gather(Algorithm& a, const Step& step) {
  find_stage(step, stages_of(a), step.stage);
  if (const int count = std::stoi(step.args[1]); count != 2 && count != 4)
    throw step_error(step, "gathers 2 or 4 taps");
  Gather gather(a, step);
  gather.run(a);
  a.passes.push_back(std::make_shared<PutTogether>());
  if (!gather.found)
    throw step_error(
        step, "'" + step.stage + "' is no sum over a window with a loop '" + step.args[0] + "'");
}

}  // namespace halcyon
