#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "kernels/problem/problem.h"
#include "suites/protocol/network_measured.h"

namespace halcyon::wire {

/// Key of a result line, as in wire.h.
inline constexpr const char* kNetwork = "network";

/// "<folder>/0003-out.f32": what call 3 gave as this argument of its problem, the images one after
/// the other.
std::string call_file(const std::string& folder, std::size_t call, const TensorSpec& argument);

nlohmann::json network_json(const NetworkMeasured&);
/// Throws as measured_of() does.
NetworkMeasured network_measured_of(const nlohmann::json&);

}  // namespace halcyon::wire
