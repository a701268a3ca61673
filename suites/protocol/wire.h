#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "suites/meters/meter.h"

/// What the tool and the program inside a bundle say to each other. Compiled into both.
namespace halcyon::wire {

/// Keys of a result line: {"nonce": ..., "measured": {...}}.
inline constexpr const char *kNonce = "nonce", *kRunning = "running", *kMeasured = "measured",
                            *kRates = "rates";

nlohmann::json check_json(const Check &);
nlohmann::json sample_json(const Sample &);
nlohmann::json measured_json(const Measured &);
nlohmann::json rates_json(const MachineRates &);
/// These throw nlohmann::json::exception or Error for what the other side never writes.
double number_of(const nlohmann::json &);  // null: what was not finite, as infinity
Check check_of(const nlohmann::json &);
Sample sample_of(const nlohmann::json &);
Measured measured_of(const nlohmann::json &);
MachineRates rates_of(const nlohmann::json &);
Protocol protocol_of(const nlohmann::json &);

}  // namespace halcyon::wire
