#pragma once
#include <map>
#include <string>

#include "Halide.h"
#include "kernels/problem/problem.h"
#include "schedules/autoschedulers/autoschedule.h"

namespace halcyon {

/// What an autoscheduler is told, as Halide's text.
std::map<std::string, std::string> parameters_of(const Autoscheduler&);

/// For the test that a replay compiles to the same: what run_plugin() gives Halide.
void load_autoscheduler(const Autoscheduler&);
Halide::AutoschedulerParams parameters_for_halide(const Autoscheduler&);

/// Body of a child, like emit(): loads the plugin, runs it on the problem's algorithm with its
/// arguments pinned, and writes {"source", "stages", "args", "dims", "rvars"} to `file`. An
/// EmitExit, with a line on `result_fd` unless it is emit_ok.
int run_plugin(const Autoscheduler&, const Problem&, const Target&, const std::string& file,
               int result_fd);

}  // namespace halcyon
