#pragma once
#include <nlohmann/json_fwd.hpp>

#include "suites/protocol/network_measured.h"

namespace halcyon::wire {

/// Key of a result line, as in wire.h.
inline constexpr const char* kNetwork = "network";

nlohmann::json network_json(const NetworkMeasured&);
/// Throws as measured_of() does.
NetworkMeasured network_measured_of(const nlohmann::json&);

}  // namespace halcyon::wire
