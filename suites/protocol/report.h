#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "suites/protocol/network_measured.h"
#include "suites/protocol/protocol.h"

namespace halcyon {

/// Writes results to the private descriptor, one line of JSON each, all with the job's nonce: what
/// a candidate prints cannot pass for a result.
class Report {
 public:
  Report(int fd, std::string nonce) : fd_(fd), nonce_(std::move(nonce)) {}
  void running(const std::string& id) const;  // who is to blame when the process dies now
  void result(const Measured&) const;
  void result(const MachineRates&) const;
  void result(const NetworkMeasured&) const;

 private:
  void line(const char* key, const nlohmann::json& value) const;
  int fd_;
  std::string nonce_;
};

}  // namespace halcyon
