#pragma once
#include <optional>
#include <vector>

#include "autotune/in_network/network_worker.h"
#include "autotune/search/lineup.h"
#include "suites/networks/network_reference.h"

namespace halcyon {

/// Runs networks on the target's device: all forms in one bundle, each with packed weights of its
/// own, checked in a process each and timed interleaved. Their kernels were checked by themselves
/// in the search.
class MeteredNetworkWorker : public NetworkWorker {
 public:
  /// Keeps a reference to the graph.
  MeteredNetworkWorker(Workplace place, const Graph& graph)
      : place_(std::move(place)), graph_(graph) {}

  std::vector<FormRounds> measure(const std::vector<NetworkForm>&) override;
  const TimeSpent& spent() const { return place_.spent; }

 private:
  const NetworkReference& reference(const Plan&);

  Workplace place_;
  const Graph& graph_;
  std::optional<NetworkReference> reference_;  // made when the first is measured
};

}  // namespace halcyon
