#include "schedules/apply/rewrites/graph_copier.h"

namespace halcyon {

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::Var;
using Halide::Internal::Call;

std::vector<Var> to_vars(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

/// One expression of one definition. The memory of a graph mutator lives no longer than that: in
/// the next definition the same node means something else.
class GraphCopier::Expression : public Halide::Internal::IRGraphMutator {
 public:
  Expression(GraphCopier& graph, const Function& reader, const Variables& variables)
      : graph_(graph), reader_(reader), variables_(variables) {}

 private:
  using IRGraphMutator::visit;
  Expr visit(const Halide::Internal::Variable* v) override {
    const auto found = variables_.find(v->name);
    return found == variables_.end() ? Expr(v) : found->second;
  }
  Expr visit(const Call* c) override {
    if (c->call_type != Call::Halide) return graph_.external(reader_, c, mutate(c->args));
    graph_.on_read(reader_, c);
    const Function producer(c->func);
    const std::vector<Expr> at = graph_.moved(producer, mutate(c->args));
    return graph_.read(reader_, producer, c->value_index, at);
  }

  GraphCopier& graph_;
  const Function& reader_;
  const Variables& variables_;
};

void GraphCopier::run(Algorithm& a) {
  for (Func& output : a.outputs) output = copy(output.function());
  for (auto& [name, padding] : a.paddings) {
    const auto found = done_.find(padding.source.name());
    if (found != done_.end()) padding.source = found->second;
  }
}

Func GraphCopier::copy(const Function& f) {
  const auto found = done_.find(f.name());
  if (found != done_.end()) return found->second;
  return done_[f.name()] = define(f);
}

Func GraphCopier::define(const Function& f) {
  return define_over(f, f.args(), {}, f.name().substr(0, f.name().find('$')));
}

std::vector<Expr> GraphCopier::coordinates(const Function&, std::vector<Expr> at) { return at; }

Expr GraphCopier::read(const Function&, const Function& producer, int value_index,
                       std::vector<Expr> at) {
  return Call::make(copy(producer).function(), at, value_index);
}

std::vector<Halide::Internal::ReductionVariable> GraphCopier::loops(
    const Function&, std::vector<Halide::Internal::ReductionVariable> all) {
  return all;
}

void GraphCopier::on_read(const Function&, const Call*) {}

Expr GraphCopier::external(const Function&, const Call* c, std::vector<Expr> args) {
  return Call::make(c->type, c->name, args, c->call_type, c->func, c->value_index, c->image,
                    c->param);
}

std::vector<Expr> GraphCopier::conditions(const Function&, const Expr&, const Variables&) {
  return {};
}

Func GraphCopier::define_over(const Function& f, const std::vector<std::string>& axes,
                              const Variables& variables, const std::string& name) {
  Func g(name);
  g(to_vars(axes)) = copy(f, f.values()[0], variables);
  done_[f.name()] = g;  // its updates read it
  for (const Definition& d : f.updates()) copy_update(f, d, variables, g);
  return g;
}

void GraphCopier::copy_update(const Function& f, const Definition& d, Variables variables,
                              Func& into) {
  const Expr value = Halide::Internal::substitute_in_all_lets(d.values()[0]);
  if (!d.schedule().rvars().empty()) {
    RDom r(Halide::Internal::ReductionDomain(loops(f, d.schedule().rvars())));
    for (int i = 0; i < r.dimensions(); ++i) variables[r[i].name()] = r[i];
    for (const Expr& kept : d.split_predicate()) r.where(copy(f, kept, variables));
    for (const Expr& further : conditions(f, value, variables)) r.where(further);
  }
  into(moved(f, copy(f, d.args(), variables))) = copy(f, value, variables);
}

std::vector<Expr> GraphCopier::moved(const Function& f, std::vector<Expr> at) {
  at = coordinates(f, std::move(at));
  for (Expr& e : at) e = Halide::Internal::simplify(e);  // (p/W)*W + p%W is p
  return at;
}

Expr GraphCopier::copy(const Function& reader, const Expr& e, const Variables& variables) {
  // Halide takes common subexpressions out when a Func is defined; rewrites look at whole formulas.
  const Expr whole = Halide::Internal::substitute_in_all_lets(e);
  return Expression(*this, reader, variables).mutate(whole);
}

std::vector<Expr> GraphCopier::copy(const Function& reader, const std::vector<Expr>& all,
                                    const Variables& variables) {
  std::vector<Expr> copied;
  for (const Expr& e : all) copied.push_back(copy(reader, e, variables));
  return copied;
}

}  // namespace halcyon
