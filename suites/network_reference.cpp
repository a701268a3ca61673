#include "suites/network_reference.h"

#include "suites/graph/reference.h"

namespace halcyon {

std::vector<NetworkSet> reference_sets(const Graph& graph, const Plan& plan, std::uint64_t seed,
                                       Progress& progress) {
  std::vector<NetworkSet> sets;
  progress.begin("reference of " + plan.network, kNetworkInputs);
  for (int i = 0; i < kNetworkInputs; ++i) {
    NetworkSet set{seeded_input(plan, seed + static_cast<std::uint64_t>(i)), {}};
    for (const auto& output : run_reference(graph, set.input))
      set.outputs.emplace_back(output.begin(), output.end());
    sets.push_back(std::move(set));
    progress.step("input " + std::to_string(i + 1));
  }
  return sets;
}

}  // namespace halcyon
