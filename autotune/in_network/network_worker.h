#pragma once
#include <set>
#include <string>
#include <vector>

#include "suites/graph/plan.h"
#include "suites/trials/named_candidate.h"

namespace halcyon {

/// A way to run a network: how it is cut, and a schedule for each distinct problem.
struct NetworkForm {
  const Plan* plan = nullptr;
  std::vector<NamedCandidate> candidates;  // by case of suite_of(*plan)
};

/// What one form gave beside others; entries of one index are of one round.
struct FormRounds {
  Outcome outcome = Outcome::infra;  // ok or noisy where there are rounds
  std::string detail;
  std::vector<double> whole_ns;               // of a run of the batch; 0 where it was disturbed
  std::vector<std::vector<double>> calls_ns;  // of each call, for one image, by round; empty
                                              // where it was disturbed
};

inline bool measured(const FormRounds& form) {
  return form.outcome == Outcome::ok || form.outcome == Outcome::noisy;
}
/// ns by round of some calls together; 0 where it was disturbed.
std::vector<double> time_at(const FormRounds&, const std::set<std::size_t>& calls);

/// Runs whole networks. The only part of ranking inside them that takes time.
class NetworkWorker {
 public:
  virtual ~NetworkWorker() = default;
  /// Forms of one network, the incumbent first: each checked, then measured in turns, in several
  /// processes. Throws Interrupted.
  virtual std::vector<FormRounds> measure(const std::vector<NetworkForm>&) = 0;
};

}  // namespace halcyon
