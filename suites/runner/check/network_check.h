#pragma once
#include "suites/protocol/network_measured.h"
#include "suites/runner/bundle/network.h"
#include "suites/runner/check/check.h"

namespace halcyon {

/// What the check of a network found, and what it saw on the way.
class NetworkJudge {
 public:
  explicit NetworkJudge(Network&);
  /// Runs an input set once on a poisoned arena and poisoned outputs, and judges what it gave, what
  /// it changed, and how it ended; a signal that a kernel raises is a finding.
  Finding run(std::size_t set, std::uint32_t pattern);
  /// States the outcome in `m`, with check, errors and bytes.
  void state(const Finding&, NetworkMeasured& m) const;
  int sets_seen = 0;

 private:
  Finding judge(std::size_t set, std::uint32_t pattern);

  Network& network_;
  std::vector<Check> seen_;  // by output
};

/// "call 'stem': ..."
Finding in_call(const Network&, Finding);

/// The whole check, to be run in a process of its own: every input set twice, forth and back, so
/// that what one leaves behind does not serve the next; twice the same bits.
NetworkMeasured check_network(const BundledNetwork&);

}  // namespace halcyon
