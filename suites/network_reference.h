#pragma once
#include <cstdint>
#include <vector>

#include "suites/graph/graph.h"
#include "suites/network_bundle.h"
#include "suites/progress.h"

namespace halcyon {

/// What a network is checked by: inputs, and what the unfolded graph makes of them in plain loops.
struct NetworkReference {
  std::vector<NetworkSet> sets;
  double f32_error = 0;  // of the same loops in f32: largest error over the range of an output
  /// Largest error allowed of a network's output, over its range.
  double tolerance() const;
};

/// What f32 loses follows the network: 1e-6 of the range in a MobileNet, 1e-4 in an EfficientNet-B7
/// at 32x32, whose last maps are single pixels. So the tolerance is a multiple of what plain f32
/// loops lose on the very same weights and inputs. That of 8 is 4, which is how far activations of
/// the starts and winners may be from the best f32 there is, times 2, by which the largest errors of
/// two equally good summations of one network differ.
constexpr double kTimesF32Error = 8;
/// Between these: a network of a few layers loses no more than a rounding or two, by luck; and one
/// that loses more than this says nothing about its kernels, so that errors beyond it are wrong.
constexpr double kLeastNetworkTolerance = 2e-6, kMostNetworkTolerance = 1e-2;
constexpr int kNetworkInputs = 2;

/// Inputs are seeded_input() of `seed` and those after it. Runs them on all cores.
NetworkReference reference_of(const Graph&, const Plan&, std::uint64_t seed, Progress&);

}  // namespace halcyon
