#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "suites/protocol/report.h"
#include "suites/runner/bundle/bundled.h"

namespace halcyon {

/// Does a job about the bundle's network; false when `what` is none of them. The job as JSON:
///   network_check  "network": which; 0 is the network, then its variants
///   network_run    "input": a raw file, NHWC, the whole batch; "outputs": files to
///                  write, one for each; "calls": a folder for the results of every call, or "":
///                  wire::call_file()
///   network_time   "protocol"; "networks": which, interleaved; a result for each, in their order
///   network_count  "runs": for a meter that counts from outside what kernels execute
/// Throws std::exception for what the tool never asks.
bool do_network_job(const std::string& what, const OpenBundle&, const nlohmann::json& job,
                    const Report&);

}  // namespace halcyon
