#pragma once
#include <string>

#include "suites/request/request.h"

namespace halcyon {

/// What there is to choose from, for a terminal or as JSON: targets (what runs here, and whether
/// this machine is fit to measure), suites, networks, ops, steps, activations. Throws Error for
/// another topic.
std::string list(const std::string& topic, const Folders&, bool json);

}  // namespace halcyon
