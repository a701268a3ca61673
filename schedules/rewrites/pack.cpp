#include "schedules/names.h"
#include "schedules/rewrites/graph_copier.h"
#include "schedules/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Func;
using Halide::Internal::Call;

/// The stage that reads an argument is one read of it, and the indices of that read are the
/// argument's layout; nobody else sees them.
class Pack : public GraphCopier {
 public:
  Pack(std::string stage, std::string axis, int block, Halide::ImageParam packed)
      : stage_(std::move(stage)), axis_(std::move(axis)), block_(block), packed_(packed) {}

 protected:
  Func define(const Function& f) override {
    if (stage_name(f.name()) != stage_) return GraphCopier::define(f);
    std::vector<Expr> at = f.values()[0].as<Call>()->args;
    for (std::size_t i = 0; i < at.size(); ++i) {
      const auto* variable = at[i].as<Halide::Internal::Variable>();
      if (!variable || variable->name != axis_) continue;
      const Expr whole = at[i];
      at.erase(at.begin() + i);
      at.insert(at.begin(), whole % block_);
      at.push_back(whole / block_);
      break;
    }
    Func g(stage_ + "_im");
    g(to_vars(f.args())) = Call::make(packed_.parameter(), at);
    return g;
  }

 private:
  std::string stage_, axis_;
  int block_;
  Halide::ImageParam packed_;
};

}  // namespace

void rewrite_round(Algorithm& a, const Step& step) { must_be_input(a, step); }

void rewrite_pack(Algorithm& a, const Step& step) {
  must_be_input(a, step);
  Halide::ImageParam& input = a.inputs.at(input_index(a, step.stage));
  input = Halide::ImageParam(input.type(), input.dimensions() + 1, step.stage);
  Pack(step.stage, step.args[0], std::stoi(step.args[1]), input).run(a);
}

}  // namespace halcyon
