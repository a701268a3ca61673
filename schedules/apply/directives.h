#pragma once
#include <span>

#include "schedules/apply/names.h"
#include "schedules/language/step.h"

namespace halcyon {

/// One directive while it is carried out: a step and what its words stand for in the live stages.
class Directive {
 public:
  Directive(const Step&, Stages&, Algorithm&);

  const Step& step;
  Stages& stages;
  Algorithm& algorithm;  // whose stages they are
  const StageRef place;
  Halide::Func func;
  Halide::Stage stage;  // of the definition that the step names

  const std::string& word(std::size_t i) const { return step.args[i]; }
  bool has(std::size_t i) const { return i < step.args.size(); }
  int number(std::size_t i) const { return std::stoi(step.args[i]); }
  /// Argument i as a live loop of this definition; from i on as several.
  Halide::VarOrRVar loop(std::size_t i) const { return find_loop(step, place, step.args[i]); }
  std::vector<Halide::VarOrRVar> loops_from(std::size_t i) const;
  /// A name for a new loop, which must not stand for another live one. `replaced` may go.
  Halide::VarOrRVar new_loop(std::size_t i, bool reduction,
                             const std::vector<std::string>& replaced) const;
  /// Argument i as an axis of the stage.
  Halide::Var axis(std::size_t i) const;
  std::vector<Halide::Var> axes_from(std::size_t i) const;
  /// Argument i as a tail strategy; `auto` when it is not there.
  Halide::TailStrategy tail(std::size_t i) const;
  /// Arguments 0 and 1 as a loop of another stage.
  Halide::LoopLevel level() const;
  StageRef other(std::size_t i) const { return find_place(step, stages, step.args[i]); }
  /// Puts a stage that Halide made into the table.
  void add_stage(const std::string& name, const Halide::Func&);
};

struct DirectiveKind {
  const char* op;
  enum Of { any_definition, whole_stage } of;
  enum When { in_order, when_nests_are_final } when;
  void (*run)(Directive&);
};

// A file each in schedules/apply/directives/.
std::span<const DirectiveKind> loop_directives();
std::span<const DirectiveKind> place_directives();
std::span<const DirectiveKind> storage_directives();
std::span<const DirectiveKind> stage_directives();

/// The kind of a step that is no rewrite.
const DirectiveKind& directive_kind(const Step&);
/// Carries it out. Throws step_error; Halide's own refusals come out as Halide::Error.
void direct(const Step&, Stages&, Algorithm&);

}  // namespace halcyon
