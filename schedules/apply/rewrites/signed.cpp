#include "schedules/apply/names.h"
#include "schedules/apply/rewrites/graph_copier.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Func;
using Halide::Internal::Call;
using Halide::Internal::Cast;

/// The read that a factor of a product is, made an i32; null where it is none.
const Call* widened_read(const Expr& e) {
  const auto* cast = e.as<Cast>();
  const auto* read = cast && cast->type == Halide::Int(32) ? cast->value.as<Call>() : nullptr;
  return read && read->call_type == Call::Halide ? read : nullptr;
}

/// A sum of u8 times i8 as one of i8 times i8, for a target that has dot products of those only:
/// u * w = (u - 128) * w + 128 * w, the last of which a stage sums once per call.
class Signed : public GraphCopier {
 public:
  explicit Signed(const Step& step) : step_(step) {}
  bool found = false;

 protected:
  Func define(const Function& f) override {
    if (stage_name(f.name()) != step_.stage || f.updates().size() != 1)
      return GraphCopier::define(f);
    const auto& update = f.updates().front();
    const Expr value = Halide::Internal::substitute_in_all_lets(update.values()[0]);
    const auto* sum = value.as<Halide::Internal::Add>();
    const auto* product = sum ? sum->b.as<Halide::Internal::Mul>() : nullptr;
    const Call* input = product ? widened_read(product->a) : nullptr;
    const Call* weight = product ? widened_read(product->b) : nullptr;
    if (!input || !weight || input->type != Halide::UInt(8)) return GraphCopier::define(f);
    found = true;
    Func acc(step_.stage);
    const auto axes = to_vars(f.args());
    acc(axes) = copy(f, f.values()[0], {}) + 128 * of_weights(f, update, weight)(axes[0]);
    Variables loops;
    const Halide::RDom r = domain(update, loops);
    acc(axes) += cast<int>(of_input(*input)(copy(f, input->args, loops))) *
                 cast<int>(copy(f, Expr(weight), loops));
    return acc;
  }

 private:
  static Halide::RDom domain(const Definition& update, Variables& loops) {
    Halide::RDom r(Halide::Internal::ReductionDomain(update.schedule().rvars()));
    for (int i = 0; i < r.dimensions(); ++i) loops[r[i].name()] = r[i];
    return r;
  }

  /// Sums of the weights by output channel, over every tap and input channel.
  Func of_weights(const Function& f, const Definition& update, const Call* weight) {
    Func sums(step_.args[0] + "_w");
    const auto axes = to_vars(f.args());
    Variables loops;
    const Halide::RDom r = domain(update, loops);
    sums(axes[0]) = 0;
    sums(axes[0]) += cast<int>(copy(f, Expr(weight), loops));
    return sums;
  }

  Func of_input(const Call& read) {
    const Function producer(read.func);
    const auto axes = to_vars(producer.args());
    Func s(step_.args[0]);
    s(axes) =
        Halide::reinterpret<std::int8_t>(copy(producer)(axes) ^ Halide::cast<std::uint8_t>(0x80));
    return s;
  }

  const Step& step_;
};

}  // namespace

void rewrite_signed(Algorithm& a, const Step& step) {
  find_stage(step, stages_of(a), step.stage);
  Signed rewrite(step);
  rewrite.run(a);
  if (!rewrite.found) throw step_error(step, "'" + step.stage + "' is no sum of u8 times i8");
}

}  // namespace halcyon
