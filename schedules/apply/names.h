#pragma once
#include <map>
#include <string>
#include <vector>

#include "kernels/algorithms/algorithm.h"
#include "schedules/language/step.h"

namespace halcyon {

// Halide decorates names: "acc$3" is the fourth Func called acc in this process, "in_im" the Func
// that reads argument in, "x.xo" the loop xo that came out of x, "p$x" the first loop of domain p.
// Steps use what is left without that. No table of names exists beside Halide's own objects: stages
// are read from the graph of Funcs, loops from the live loop nest, so the two cannot disagree.

/// "acc$3" -> "acc", "in_im$1" -> "in".
std::string stage_name(const std::string& func);
/// "x.xo" -> "xo", "p$x" -> "p".
std::string loop_name(const std::string& dim);

using Stages = std::map<std::string, Halide::Func>;
/// Every Func that the outputs reach, by the name that steps use.
Stages stages_of(const Algorithm&);
/// Throws step_error with the stages there are, when there is none called `name`.
const Halide::Func& find_stage(const Step&, const Stages&, const std::string& name);

/// Index of an axis of a stage. Throws step_error with the axes there are.
std::size_t axis_of(const Step&, const Halide::Func&, const std::string& name);

/// A stage's definition: update -1 is the pure one.
struct StageRef {
  Halide::Func func;
  int update = -1;
  const Halide::Internal::Definition& definition() const;
  Halide::Stage stage() const;
};
/// "acc", "acc.update" (the same as .update0), "out.update1". Throws step_error.
StageRef find_place(const Step&, const Stages&, const std::string& name);

/// The loops of a definition, innermost first, without those that Halide made up a name for.
std::vector<std::string> loops_of(const StageRef&);
/// The live loop called `name`, as Halide's methods want it. Throws step_error with the loops there
/// are.
Halide::VarOrRVar find_loop(const Step&, const StageRef&, const std::string& name);

/// The first sentence of what Halide says, without "Error:" and the numbers in names.
std::string plain_text(const Halide::Error&);

}  // namespace halcyon
