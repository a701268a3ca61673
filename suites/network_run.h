#pragma once
#include <string>
#include <vector>

#include "suites/progress.h"
#include "suites/request.h"
#include "suites/run.h"

namespace halcyon {

/// Runs networks end to end and adds a record of each to the document of a run: `check` compares
/// their outputs with the reference of the unfolded graph; `bench` also times them, or counts their
/// instructions, whole and call by call. Each kernel was checked in the same run before. Throws as
/// run() does.
void run_networks(Verb, const std::vector<std::string>& networks, const Request&, Document&,
                  Progress&);

/// Where `halcyon run` reads and writes: .npy files of float32, NCHW.
struct RunFiles {
  std::string input;
  std::vector<std::string> outputs;  // as many as the network has, in its order
};
/// Runs a network once. Error (exit 3) for a file that is not as the network wants it, (exit 1)
/// when a kernel fails.
void run_once(const std::string& network, const RunFiles&, const Request&, Progress&);

}  // namespace halcyon
