#pragma once
#include <optional>
#include <vector>

#include "autotune/lineup.h"
#include "autotune/network_worker.h"
#include "suites/network_bundle.h"

namespace halcyon {

/// Runs networks here: all forms in one bundle, each with packed weights of its own, checked in a
/// process each and timed interleaved. Their kernels were checked by themselves in the search.
class LocalNetworkWorker : public NetworkWorker {
 public:
  /// Keeps a reference to the graph.
  LocalNetworkWorker(Workplace place, const Graph& graph)
      : place_(std::move(place)), graph_(graph) {}

  std::vector<FormRounds> measure(const std::vector<NetworkForm>&) override;
  const TimeSpent& spent() const { return place_.spent; }

 private:
  const std::vector<NetworkSet>& sets(const Plan&);

  Workplace place_;
  const Graph& graph_;
  std::optional<std::vector<NetworkSet>> sets_;  // made when the first is measured
};

}  // namespace halcyon
