#pragma once
#include <functional>
#include <string>

#include "schedules/compile/compile.h"

namespace halcyon {

/// Files to write, as paths; an empty one is not written. Algorithm, stmt and loop nest together.
struct EmitFiles {
  std::string object, algorithm, assembly, stmt, loop_nest;
};

/// How emit() and emit_runtime() end a child: 0 when all is written, else with a line on
/// `result_fd`.
enum EmitExit { emit_ok = 0, emit_refused = 2, emit_infra = 3 };
/// The line that goes with emit_ok: code that calls exit(0) has written nothing.
constexpr const char* kEmitDone = "done";

/// Compiles a candidate to files under the C name `symbol`; to be called in a fork of a process
/// that has called warm_up() and has not used Halide otherwise, for Halide numbers its names per
/// process and they show in the object. Dies in any way that LLVM may die.
int emit(const Candidate&, bool checked, const std::string& symbol, const EmitFiles&,
         int result_fd);
/// The same for Halide's runtime for a target string.
int emit_runtime(const std::string& halide, const std::string& object, int result_fd);
/// Runs `make` with the line that its end asks for; what it may throw is emit_refused.
int guarded(int result_fd, const std::function<int()>& make);
/// Loads what Halide and LLVM load at their first compilation, and takes the HL_* variables, which
/// would change objects behind the cache's back, out of the environment. Does it once.
void warm_up();
/// "no_runtime-no_asserts-no_bounds_query": what emit() adds to a target's string.
std::string emit_features(bool checked);
std::string emit_version();  // of Halide, "21.0.0"

}  // namespace halcyon
