#pragma once
#include <map>
#include <string>
#include <vector>

#include "kernels/algorithms/algorithm.h"

namespace halcyon {

/// Copies the graph of Funcs that computes an algorithm. A rewrite is a copier that overrides the
/// one thing it changes. By default every stage keeps its name, axes and formulas, and every update
/// its reduction domain with its predicate.
class GraphCopier {
 public:
  virtual ~GraphCopier() = default;
  /// Replaces the outputs of `a` by their copies, and what its paddings refer to.
  void run(Algorithm& a);
  /// The copy of a stage; made once.
  virtual Halide::Func copy(const Halide::Internal::Function&);

  using Function = Halide::Internal::Function;
  using Definition = Halide::Internal::Definition;
  using Variables = std::map<std::string, Halide::Expr>;
  /// An expression of `reader`, its variables replaced, its reads going to copies.
  Halide::Expr copy(const Function& reader, const Halide::Expr&, const Variables&);
  std::vector<Halide::Expr> copy(const Function& reader, const std::vector<Halide::Expr>&,
                                 const Variables&);

 protected:
  /// The new definition of a stage.
  virtual Halide::Func define(const Function&);
  /// Where in the copy of `f` the old coordinates `at` are: in reads and on left-hand sides.
  virtual std::vector<Halide::Expr> coordinates(const Function& f, std::vector<Halide::Expr> at);
  /// Sees every read of one stage by another before it is copied.
  virtual void on_read(const Function& reader, const Halide::Internal::Call* read);
  /// A read of `producer` at `at`, where its copy has it.
  virtual Halide::Expr read(const Function& reader, const Function& producer, int value_index,
                            std::vector<Halide::Expr> at);
  /// The loops of an update's reduction.
  virtual std::vector<Halide::Internal::ReductionVariable> loops(
      const Function&, std::vector<Halide::Internal::ReductionVariable>);
  /// A call of something that is no Func, its arguments copied.
  virtual Halide::Expr external(const Function& reader, const Halide::Internal::Call*,
                                std::vector<Halide::Expr> args);
  /// Further conditions on the terms of an update of value `value`; `variables` has its loops
  /// already.
  virtual std::vector<Halide::Expr> conditions(const Function&, const Halide::Expr& value,
                                               const Variables& variables);

  /// `f` over new axes: `variables` gives the old ones in terms of the new.
  Halide::Func define_over(const Function& f, const std::vector<std::string>& axes,
                           const Variables& variables, const std::string& name);

 private:
  class Expression;
  std::vector<Halide::Expr> moved(const Function& f, std::vector<Halide::Expr> at);
  void copy_update(const Function& f, const Definition&, Variables, Halide::Func& into);
  std::map<std::string, Halide::Func> done_;  // by Halide's name of the original
};

std::vector<Halide::Var> to_vars(const std::vector<std::string>& names);

}  // namespace halcyon
