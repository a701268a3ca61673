#include "suites/networks/network_reference.h"

#include <algorithm>
#include <cmath>

#include "suites/graph/parallel.h"
#include "suites/graph/reference.h"

namespace halcyon {
namespace {

/// Over the range that an output has over all inputs, as the check takes it.
double error_of_range(const std::vector<NetworkSet>& sets,
                      const std::vector<std::vector<Tensor>>& found) {
  double worst = 0;
  for (std::size_t output = 0; output < sets.front().outputs.size(); ++output) {
    double low = INFINITY, high = -INFINITY, error = 0;
    for (std::size_t set = 0; set < sets.size(); ++set) {
      const auto wanted = numbers_of<double>(sets[set].outputs[output]);
      const auto got = numbers_of<double>(found[set][output]);
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        low = std::min(low, wanted[i]);
        high = std::max(high, wanted[i]);
        error = std::max(error, std::abs(got[i] - wanted[i]));
      }
    }
    if (high > low) worst = std::max(worst, error / (high - low));
  }
  return worst;
}

}  // namespace

double NetworkReference::tolerance() const {
  const double wanted = kTimesF32Error * f32_error;
  return rounded ? std::clamp(wanted, kLeastRoundedTolerance, kMostRoundedTolerance)
                 : std::clamp(wanted, kLeastNetworkTolerance, kMostNetworkTolerance);
}

NetworkReference reference_of(const Graph& graph, const Plan& plan, std::uint64_t seed,
                              Progress& progress) {
  NetworkReference made;
  made.rounded = is_rounded(graph);
  std::vector<std::vector<Tensor>> in_f32(kNetworkInputs);
  for (std::uint64_t i = 0; i < kNetworkInputs; ++i)
    made.sets.push_back({seeded_input(plan, seed + i), {}});
  progress.begin("reference of " + plan.network, 2);
  each_in_parallel(made.sets.size(), [&](std::size_t i) {
    made.sets[i].outputs = reference_outputs(graph, made.sets[i].input);
  });
  progress.step("in double");
  each_in_parallel(made.sets.size(), [&](std::size_t i) {
    in_f32[i] = run_reference_in_f32(graph, made.sets[i].input);
  });
  progress.step("in f32");
  made.f32_error = error_of_range(made.sets, in_f32);
  return made;
}

}  // namespace halcyon
