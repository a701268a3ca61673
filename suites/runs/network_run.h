#pragma once
#include <optional>
#include <string>
#include <vector>

#include "suites/networks/planned_network.h"
#include "suites/request/progress.h"
#include "suites/request/request.h"
#include "suites/runs/open_document.h"
#include "suites/runs/run.h"

namespace halcyon {

/// A network by its name or file, planned where it was needed before.
struct NetworkToRun {
  std::string what;
  std::optional<PlannedNetwork> planned;
};
/// Runs networks end to end and adds a record of each to the document of a run: `check` compares
/// their outputs with the reference of the unfolded graph; `bench` also times them, or counts their
/// instructions, whole and call by call, beside what each problem took as a case of the same run.
/// Each kernel was checked in the same run before. Throws as
/// run_cases() does.
void run_networks(Verb, std::vector<NetworkToRun>, const Request&, OpenDocument&, Progress&);

/// Where `halcyon run` reads and writes: .npy files of float32, NCHW.
struct RunFiles {
  std::string input;
  std::vector<std::string> outputs;  // as many as the network has, in its order
  std::string calls;                 // a folder for what every call gives, or ""
};
/// Runs a network once. In the folder of calls lie a .npy of each result, NCHW, and calls.json:
/// [{"call", "problem", "tensor", "file"}] in the order of the run; `tensor` has the name that the
/// exported model has. Error (exit 3) for a file that is not as the network wants it, (exit 1)
/// when a kernel fails.
void run_once(const std::string& network, const RunFiles&, const Request&, Progress&);

}  // namespace halcyon
