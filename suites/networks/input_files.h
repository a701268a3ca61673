#pragma once
#include <string>

#include "suites/graph/graph.h"
#include "suites/quantise/quantise.h"
#include "suites/request/request.h"

namespace halcyon {

/// The input of a network, NHWC, from a .npy of float32 as its model has it. Error (exit 3) for one
/// that is not so.
Tensor read_input(const std::string& path, const Graph&);

/// By what a request has networks quantised: its method, on every .npy of the folder that it names
/// (sorted; float32, of the network's input as its model has it), else on seeded inputs. Error
/// (exit 2) when the folder has none, (exit 3) for a file that is not as the network wants it.
Calibration calibration_of(const Request&, const Graph&);

}  // namespace halcyon
