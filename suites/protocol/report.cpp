#include "suites/protocol/report.h"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "suites/protocol/network_wire.h"
#include "suites/protocol/wire.h"

namespace halcyon {

void Report::running(const std::string& id) const { line(wire::kRunning, id); }
void Report::result(const Measured& m) const { line(wire::kMeasured, wire::measured_json(m)); }
void Report::result(const MachineRates& r) const { line(wire::kRates, to_json(r)); }
void Report::result(const NetworkMeasured& m) const { line(wire::kNetwork, wire::network_json(m)); }

void Report::line(const char* key, const nlohmann::json& value) const {
  using nlohmann::json;
  const json object = {{wire::kNonce, nonce_}, {key, value}};
  // A message may quote bytes that are not UTF-8.
  const std::string text = object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t wrote = write(fd_, text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) throw std::runtime_error("the result descriptor cannot be written");
    done += static_cast<std::size_t>(wrote);
  }
}

}  // namespace halcyon
