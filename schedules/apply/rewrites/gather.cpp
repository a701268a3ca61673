#include "schedules/apply/rewrites/longer_sum.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Func;
using Halide::Var;

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
class Gather : public LongerSum {
 public:
  Gather(const Algorithm& a, const Step& step) : LongerSum(step), algorithm_(a) {}

 protected:
  Expr read(const Function& reader, const Function& producer, int value_index,
            std::vector<Expr> at) override {
    // Only what is padded along x may be read beyond the window, as the last group does.
    const auto padding = algorithm_.paddings.find(stage_name(producer.name()));
    if (!is_the_sum(reader) || padding == algorithm_.paddings.end() || at.size() < 3 ||
        !padding->second.extent.contains(producer.args()[1]) || !expr_uses_var(at[1], variable_))
      return GraphCopier::read(reader, producer, value_index, std::move(at));
    found = true;
    return side_by_side(copy(producer), at);
  }

 private:
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

  const Algorithm& algorithm_;
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
  if (!gather.found)
    throw step_error(step, "'" + step.stage +
                               "' is no sum over a window that is padded along x, by a loop '" +
                               step.args[0] + "'");
  a.passes.push_back(std::make_shared<PutTogether>());
}

}  // namespace halcyon
