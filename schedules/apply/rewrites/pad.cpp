#include <algorithm>

#include "schedules/apply/names.h"
#include "schedules/apply/rewrites/graph_copier.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Func;
using Halide::Internal::Call;

/// The least number of its type, as padding has it for a maximum.
bool is_least(const Expr& value) {
  if (const auto* f = value.as<Halide::Internal::FloatImm>())
    return f->value == -std::numeric_limits<double>::infinity();
  return Halide::Internal::equal(value, value.type().min());
}

/// The read of a stage that an expression is, widened or not; null where it is none.
const Call* read_of(const Expr& e, const std::string& stage) {
  if (const auto* widened = e.as<Halide::Internal::Cast>()) return read_of(widened->value, stage);
  const Call* c = e.as<Call>();
  return c && c->call_type == Call::Halide && stage_name(c->name) == stage ? c : nullptr;
}

/// What a reduction does with a term that is the padding's value: `acc += value * w` (value 0) and
/// `max(acc, value)` (value the least) leave acc as it is, so such terms need not be computed.
const Call* term_that_may_be_left_out(const std::string& padded, const std::string& reader,
                                      const Expr& update, const Expr& value) {
  if (const auto* sum = update.as<Halide::Internal::Add>()) {
    if (!Halide::Internal::is_const_zero(value) || !read_of(sum->a, reader)) return nullptr;
    if (const Call* term = read_of(sum->b, padded)) return term;
    if (const auto* product = sum->b.as<Halide::Internal::Mul>())
      for (const Expr& factor : {product->a, product->b})
        if (const Call* term = read_of(factor, padded)) return term;
  }
  if (const auto* largest = update.as<Halide::Internal::Max>())
    if (is_least(value) && read_of(largest->a, reader)) return read_of(largest->b, padded);
  return nullptr;
}

/// The padded stage is only clamped along some axes; its readers skip what would be padding there.
class PadWhere : public GraphCopier {
 public:
  PadWhere(Algorithm& a, const Step& step)
      : algorithm_(a),
        step_(step),
        padding_(a.paddings.at(step.stage)),
        axes_(step.args.begin() + 1, step.args.end()) {}

 protected:
  Func define(const Function& f) override {
    if (stage_name(f.name()) != step_.stage) return GraphCopier::define(f);
    return algorithm_.pad(step_.stage, copy(padding_.source.function()), padding_.extent,
                          padding_.value, axes_);
  }

  std::vector<Expr> conditions(const Function& reader, const Expr& value,
                               const Variables& variables) override {
    const Call* term =
        term_that_may_be_left_out(step_.stage, stage_name(reader.name()), value, padding_.value);
    if (!term) return {};
    guarded_.push_back(term);
    std::vector<Expr> inside;
    const std::vector<std::string>& axes = Function(term->func).args();
    for (const std::string& axis : axes_) {
      const auto i = std::find(axes.begin(), axes.end(), axis) - axes.begin();
      const Expr at = copy(reader, term->args[i], variables);
      inside.push_back(at >= 0 && at < padding_.extent.at(axis));
    }
    return inside;
  }

  /// Any other read would find the clamped value where it expects padding: a wrong result.
  void on_read(const Function& reader, const Call* read) override {
    if (stage_name(read->name) != step_.stage ||
        std::find(guarded_.begin(), guarded_.end(), read) != guarded_.end())
      return;
    throw step_error(step_, "'" + stage_name(reader.name()) + "' reads '" + step_.stage +
                                "' where the padding's value matters: terms can only be left out "
                                "of a sum of products or a maximum, as its one factor");
  }

 private:
  Algorithm& algorithm_;
  const Step& step_;
  const Padding padding_;
  const std::vector<std::string> axes_;
  std::vector<const Call*> guarded_;
};

}  // namespace

void rewrite_pad(Algorithm& a, const Step& step) {
  find_stage(step, stages_of(a), step.stage);
  const auto padding = a.paddings.find(step.stage);
  if (padding == a.paddings.end()) {
    std::string padded;
    for (const auto& [name, p] : a.paddings) padded += " " + name;
    throw step_error(step, "'" + step.stage + "' is not padded; padded stages:" +
                               (padded.empty() ? " none" : padded));
  }
  for (std::size_t i = 1; i < step.args.size(); ++i) {
    const std::string& axis = step.args[i];
    if (!padding->second.extent.contains(axis)) {
      std::string axes;
      for (const auto& [name, extent] : padding->second.extent) axes += " " + name;
      throw step_error(
          step, "'" + step.stage + "' is not padded along '" + axis + "'; it is along" + axes);
    }
    if (const auto own = padding->second.source.function().args();
        std::find(own.begin(), own.end(), axis) == own.end())
      throw step_error(
          step, "pad stands before flatten of '" + stage_name(padding->second.source.name()) + "'");
  }
  if (step.args[0] == "where") PadWhere(a, step).run(a);
}

}  // namespace halcyon
