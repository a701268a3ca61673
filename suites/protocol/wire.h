#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "suites/protocol/protocol.h"

/// What the tool and the program inside a bundle say to each other. Compiled into both. Each struct
/// is one list of fields, as in results/record/fields.h; samples and checks are those of records.
namespace halcyon::wire {

/// Keys of a result line: {"nonce": ..., "measured": {...}}.
inline constexpr const char *kNonce = "nonce", *kRunning = "running", *kMeasured = "measured",
                            *kRates = "rates";

nlohmann::json measured_json(const Measured &);
/// Throws Error or nlohmann::json::exception for what the other side never writes.
Measured measured_of(const nlohmann::json &);

}  // namespace halcyon::wire
