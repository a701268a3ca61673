#include <functional>

#include "schedules/apply/names.h"
#include "schedules/apply/rewrites/graph_copier.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Func;
using Halide::Internal::Call;

/// Indices of a packed tensor: [axis % block][the others][axis / block].
std::vector<Expr> blocked(std::vector<Expr> at, std::size_t axis, int block) {
  const Expr whole = at[axis];
  at.erase(at.begin() + static_cast<std::ptrdiff_t>(axis));
  at.insert(at.begin(), whole % block);
  at.push_back(whole / block);
  return at;
}

/// Of an interleaved one: [axis % block][the others, with axis / block for it].
std::vector<Expr> interleaved(std::vector<Expr> at, std::size_t axis, int block) {
  const Expr whole = at[axis];
  at[axis] = whole / block;
  at.insert(at.begin(), whole % block);
  return at;
}

/// Of one that is packed in vectors: [axis % vector][its place in the block][the others][axis /
/// block]. Written as it is, Halide sees that a vector lies in one piece, whatever else is
/// vectorized; of (axis % block) it does not from the fourth vector of a block on.
std::vector<Expr> in_vectors(std::vector<Expr> at, std::size_t axis, int block, int vector) {
  const Expr whole = at[axis];
  at = blocked(std::move(at), axis, block);
  at.front() = whole / vector % (block / vector);
  at.insert(at.begin(), whole % vector);
  return at;
}

using Blocks = std::function<std::vector<Expr>(std::vector<Expr>, std::size_t axis, int block)>;

/// The stage that reads an argument is one read of it, and the indices of that read are the
/// argument's layout; nobody else sees them.
class PackArgument : public GraphCopier {
 public:
  PackArgument(const Step& step, Blocks blocks, Halide::ImageParam packed)
      : stage_(step.stage),
        axis_(step.args[0]),
        block_(std::stoi(step.args[1])),
        blocks_(std::move(blocks)),
        packed_(std::move(packed)) {}

 protected:
  Func define(const Function& f) override {
    if (stage_name(f.name()) != stage_) return GraphCopier::define(f);
    std::vector<Expr> at = f.values()[0].as<Call>()->args;
    for (std::size_t i = 0; i < at.size(); ++i) {
      const auto* variable = at[i].as<Halide::Internal::Variable>();
      if (!variable || variable->name != axis_) continue;
      at = blocks_(at, i, block_);
      break;
    }
    Func g(stage_ + "_im");
    g(to_vars(f.args())) = Call::make(packed_.parameter(), at);
    return g;
  }

 private:
  std::string stage_, axis_;
  int block_;
  Blocks blocks_;
  Halide::ImageParam packed_;
};

void pack_argument(Algorithm& a, std::size_t input, const Step& step, int further_axes,
                   Blocks blocks) {
  Halide::ImageParam& argument = a.inputs.at(input);
  argument = Halide::ImageParam(argument.type(), argument.dimensions() + further_axes, step.stage);
  PackArgument(step, std::move(blocks), argument).run(a);
}

/// A stage that is computed has its layout in its axes: "c" becomes "ci" and "co".
class PackStage : public GraphCopier {
 public:
  PackStage(std::string stage, std::size_t axis, int block)
      : stage_(std::move(stage)), axis_(axis), block_(block) {}

 protected:
  Func define(const Function& f) override {
    if (stage_name(f.name()) != stage_) return GraphCopier::define(f);
    std::vector<std::string> axes = f.args();
    const std::string whole = axes[axis_];
    axes.erase(axes.begin() + static_cast<std::ptrdiff_t>(axis_));
    axes.insert(axes.begin(), whole + "i");
    axes.push_back(whole + "o");
    const Halide::Var inner(whole + "i"), outer(whole + "o");
    return define_over(f, axes, {{whole, outer * block_ + inner}}, stage_);
  }
  std::vector<Expr> coordinates(const Function& f, std::vector<Expr> at) override {
    return stage_name(f.name()) == stage_ ? blocked(std::move(at), axis_, block_) : at;
  }

 private:
  std::string stage_;
  std::size_t axis_;
  int block_;
};

}  // namespace

void rewrite_round(Algorithm& a, const Step& step) { must_be_input(a, step); }

void rewrite_interleave(Algorithm& a, const Step& step) {
  must_be_input(a, step);
  pack_argument(a, static_cast<std::size_t>(input_index(a, step.stage)), step, 1, interleaved);
}

void rewrite_pack(Algorithm& a, const Step& step) {
  const int block = std::stoi(step.args[1]);
  const int input = input_index(a, step.stage);
  if (input >= 0 && step.args.size() > 2) {
    const int vector = std::stoi(step.args[2]);
    return pack_argument(a, static_cast<std::size_t>(input), step, 2,
                         [vector](std::vector<Expr> at, std::size_t axis, int of) {
                           return in_vectors(std::move(at), axis, of, vector);
                         });
  }
  if (input >= 0) return pack_argument(a, static_cast<std::size_t>(input), step, 1, blocked);
  const Func f = find_stage(step, stages_of(a), step.stage);
  const auto extents = a.extents.find(step.stage);
  if (f.has_update_definition() || extents == a.extents.end())
    throw step_error(step, "'" + step.stage +
                               "' is neither an argument nor a stage of one formula and known "
                               "extents");
  const std::size_t axis = axis_of(step, f, step.args[0]);
  PackStage(step.stage, axis, block).run(a);
  a.extents.erase(extents);
}

}  // namespace halcyon
