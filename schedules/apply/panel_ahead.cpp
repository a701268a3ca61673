#include "schedules/apply/panel_ahead.h"

#include "kernels/error.h"
#include "schedules/apply/names.h"

namespace halcyon {
namespace {

using namespace Halide::Internal;
using Halide::Expr;
using Halide::Handle;
using Halide::UInt;

constexpr int kLineBytes = 64;

/// The element of an argument that a loop's body reads first, in the first iteration of every loop
/// inside; undefined where it reads none.
class FirstRead : public IRVisitor {
 public:
  FirstRead(const std::string& argument, const For* loop) : argument_(argument) {
    loop->body.accept(this);
  }
  Expr element;

 private:
  using IRVisitor::visit;
  /// Visits what a name stands in, and replaces it in what is found there.
  template <class Node>
  void visit_scope(const Node* node, const Expr& value) {
    const bool before = element.defined();
    IRVisitor::visit(node);
    if (!before && element.defined()) element = substitute(node->name, value, element);
  }
  void visit(const For* loop) override { visit_scope(loop, loop->min); }
  void visit(const LetStmt* let) override { visit_scope(let, let->value); }
  void visit(const Let* let) override { visit_scope(let, let->value); }
  void visit(const Load* load) override {
    IRVisitor::visit(load);
    if (load->name != argument_ || element.defined()) return;
    const auto* vector = load->index.as<Ramp>();
    element = vector ? vector->base : load->index;
  }
  const std::string& argument_;
};

/// LLVM's intrinsic. Its result is void, which no type of Halide's says; a handle is the one type
/// that is not compared with what LLVM gives. Every module of Halide's has it declared.
Stmt prefetch_into_l2(const std::string& argument, const Expr& element, int bytes) {
  constexpr int kRead = 0, kL2 = 2, kData = 1;
  const Expr start = Reinterpret::make(UInt(64), Variable::make(Handle(), argument));
  const Expr address = start + Halide::cast(UInt(64), element) * bytes;
  return Evaluate::make(Call::make(Handle(), "llvm.prefetch.p0",
                                   {Reinterpret::make(Handle(), address), kRead, kL2, kData},
                                   Call::Extern));
}

}  // namespace

bool PanelAhead::Loop::is(const std::string& lowered) const {
  return lowered.starts_with(definition) && loop_name(lowered.substr(definition.size())) == name;
}

Stmt PanelAhead::mutate(const Stmt& statement) {
  ++depth_;
  Stmt mutated = IRMutator::mutate(statement);
  if (--depth_ == 0 && !found_)
    throw usage_error("step 'ahead': loop " + what_.at.name + " reads no " + what_.argument);
  return mutated;
}

Stmt PanelAhead::visit(const For* loop) {
  if (what_.parts.is(loop->name)) {
    start_ = FirstRead(what_.argument, loop).element;
    Stmt same = IRMutator::visit(loop);
    start_ = Expr();
    return same;
  }
  if (!start_.defined()) return IRMutator::visit(loop);
  iterations_.push_back(loop);
  Stmt same = what_.at.is(loop->name) ? ahead(loop) : IRMutator::visit(loop);
  iterations_.pop_back();
  return same;
}

Stmt PanelAhead::ahead(const For* loop) {
  found_ = true;
  Expr iteration = 0;
  for (const For* around : iterations_)
    iteration =
        iteration * around->extent + (Variable::make(Halide::Int(32), around->name) - around->min);
  const Expr next = start_ + what_.part + iteration * what_.rate;
  Stmt body = loop->body;
  for (int element = 0; element < what_.rate; element += kLineBytes / what_.element_bytes)
    body = Block::make(
        prefetch_into_l2(what_.argument, simplify(next + element), what_.element_bytes), body);
  return For::make(loop->name, loop->min, loop->extent, loop->for_type, loop->partition_policy,
                   loop->device_api, body);
}

}  // namespace halcyon
