#include <set>

#include "schedules/apply/names.h"
#include "schedules/apply/rewrites/graph_copier.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Func;

/// Copies the chosen stages under new names; all else is shared with the graph around.
class PieceCopier : public GraphCopier {
 public:
  PieceCopier(GraphCopier& around, const std::set<std::string>& stages, std::string suffix)
      : around_(around), stages_(stages), suffix_(std::move(suffix)) {}
  using GraphCopier::copy;
  Func copy(const Function& f) override {
    return stages_.contains(stage_name(f.name())) ? GraphCopier::copy(f) : around_.copy(f);
  }

 protected:
  Func define(const Function& f) override {
    return define_over(f, f.args(), {}, stage_name(f.name()) + suffix_);
  }

 private:
  GraphCopier& around_;
  const std::set<std::string>& stages_;
  std::string suffix_;
};

/// out(c, p) = v becomes out(c, p) = undef; out(c, r0) = v over the first piece; ...: each piece is
/// an update with a constant extent that its tile divides, and producers of its own.
class Divide : public GraphCopier {
 public:
  Divide(const Step& step, std::size_t axis, std::vector<Piece> pieces)
      : step_(step),
        axis_(axis),
        pieces_(std::move(pieces)),
        copied_(step.args.begin() + 2, step.args.end()) {}

 protected:
  Func define(const Function& f) override {
    if (stage_name(f.name()) != step_.stage) return GraphCopier::define(f);
    const std::vector<Halide::Var> axes = to_vars(f.args());
    Func g(step_.stage);
    g(axes) = Halide::undef(f.output_types()[0]);
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      const Halide::RDom r({{pieces_[i].start, pieces_[i].length}}, step_.args[0]);
      PieceCopier piece(*this, copied_, "_" + std::to_string(i));
      std::vector<Expr> at(axes.begin(), axes.end());
      at[axis_] = r.x;
      g(at) = piece.copy(f, f.values()[0], {{f.args()[axis_], r.x}});
    }
    return g;
  }

 private:
  const Step& step_;
  std::size_t axis_;
  std::vector<Piece> pieces_;
  std::set<std::string> copied_;
};

/// A copied stage must lie on the way to the divided one and be no argument.
void check_copies(const Algorithm& a, const Step& step, const Func& f, const Stages& stages) {
  std::set<std::string> feeds;
  for (const auto& [name, function] : Halide::Internal::find_transitive_calls(f.function()))
    feeds.insert(stage_name(name));
  for (std::size_t i = 2; i < step.args.size(); ++i) {
    const std::string& copied = step.args[i];
    if (copied.find('.') != copied.npos) throw step_error(step, "a whole stage is copied");
    find_stage(step, stages, copied);
    if (copied == step.stage || !feeds.contains(copied) || input_index(a, copied) >= 0)
      throw step_error(step, "'" + copied + "' is not computed for '" + step.stage + "'");
    for (const Stages::value_type& stage : stages)
      if (stage.first.starts_with(copied + "_"))
        throw step_error(step, "'" + copied + "' has been copied before");
  }
}

}  // namespace

void rewrite_divide(Algorithm& a, const Step& step) {
  const Stages stages = stages_of(a);
  const Func f = find_stage(step, stages, step.stage);
  if (f.has_update_definition() || input_index(a, step.stage) >= 0)
    throw step_error(step, "only a stage with one formula and no update can be divided, once");
  const std::size_t axis = axis_of(step, f, step.args[0]);
  const auto extents = a.extents.find(step.stage);
  if (extents == a.extents.end())
    throw step_error(step, "'" + step.stage + "' stands for no tensor: its extents are not stated");
  check_copies(a, step, f, stages);
  const auto pieces = divide_evenly(extents->second[axis], std::stoi(step.args[1]));
  Divide(step, axis, pieces).run(a);
  const Stages divided = stages_of(a);
  for (std::size_t i = 2; i < step.args.size(); ++i)
    if (!divided.contains(step.args[i] + "_0"))
      throw step_error(step, "'" + step.args[i] +
                                 "' is read through a stage that is not copied; "
                                 "name that one, too");
  for (std::size_t i = 2; i < step.args.size(); ++i)
    if (const auto own = a.extents.find(step.args[i]); own != a.extents.end())
      for (std::size_t piece = 0; piece < pieces.size(); ++piece)
        a.extents[step.args[i] + "_" + std::to_string(piece)] = own->second;
}

}  // namespace halcyon
