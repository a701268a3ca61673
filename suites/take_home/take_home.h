#pragma once
#include <string>

#include "suites/request/progress.h"
#include "suites/request/run_plan.h"

namespace halcyon {

/// Writes one problem's kernel to the new or empty folder request.out, to be linked into a program
/// of anybody's with a C compiler and nothing of ours: kernel.o, runtime.o, kernel.h (a function
/// over plain pointers), call.c, pack.h and pack.c (weights to the layout that the schedule wants),
/// kernel.s, schedule.txt, arguments.json, and an example: main.c, Makefile, data/. `name`: of the
/// C function, and what the others' names begin with. The kernel is checked first where it can run;
/// else a line says that it was not. The folder appears whole or not at all. Throws Error.
void take_home(const RunPlan&, const std::string& name, Progress&);

}  // namespace halcyon
