#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "schedules/fence/child.h"
#include "suites/protocol/network_measured.h"
#include "suites/protocol/protocol.h"

namespace halcyon {

/// What the program of a bundle said over its private descriptor.
struct Answers {
  std::vector<Measured> measured;
  std::optional<MachineRates> rates;
  std::vector<NetworkMeasured> networks;
  std::string running;  // the case that it last said it was at
  int strange = 0;      // lines that are cut short, malformed, or of another nonce
};
/// Reads result lines. Only those that carry `nonce` count.
Answers read_answers(const std::string& result, const std::string& nonce);

/// How a process ended that owed a result and did not give it.
Measured blame(const std::string& id, const Ended&);

/// The result of a process that does one case: the one line about `id`, when the process also ended
/// as it should.
Measured check_result(const std::string& id, const Ended&, const Answers&);

/// The result of a process that does a job about its network, likewise.
NetworkMeasured network_result(const Ended&, const Answers&);
/// The same of a job about so many networks; what went wrong is the outcome of each.
std::vector<NetworkMeasured> network_results(std::size_t count, const Ended&, const Answers&);

/// Settles what one timing process leaves of `ids`: the results that it gave; and blames the case
/// that was running when it died. Returned in the order of `ids`; what is missing is to be run
/// again. Never empty for non-empty `ids`: a process that died before any case started is
/// everybody's failure.
std::vector<Measured> settle(const std::vector<std::string>& ids, const Ended&, const Answers&);

}  // namespace halcyon
