#pragma once
#include <string>
#include <vector>

#include "suites/request/progress.h"
#include "suites/request/run_plan.h"

namespace halcyon {

/// Where `halcyon run` reads and writes: .npy files of float32, NCHW.
struct RunFiles {
  std::string input;
  std::vector<std::string> outputs;  // as many as the network has, in its order
  std::string calls;                 // a folder for what every call gives, or ""
};
/// Runs the network that is asked for once. In the folder of calls lie a .npy of each result, NCHW,
/// and calls.json:
/// [{"call", "problem", "tensor", "file"}] in the order of the run; `tensor` has the name that the
/// exported model has. Error (exit 3) for a file that is not as the network wants it, (exit 1)
/// when a kernel fails.
void run_once(const RunPlan&, const RunFiles&, Progress&);

}  // namespace halcyon
