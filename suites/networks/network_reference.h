#pragma once
#include <cstdint>
#include <vector>

#include "suites/bundle/network_bundle.h"
#include "suites/graph/graph.h"
#include "suites/request/progress.h"

namespace halcyon {

/// What a network is checked by: inputs, and what the unfolded graph makes of them in plain loops.
struct NetworkReference {
  std::vector<NetworkSet> sets;
  double f32_error = 0;  // of the same loops in f32: largest error over the range of an output
  /// Largest error allowed of a network's output, over its range.
  double tolerance() const;
  bool rounded = false;  // of a network in less than f32
};

/// What f32 loses follows the network: 6e-7 of the range in HENet_TinyM, 1e-5 in an EfficientNet-B7
/// at 32x32. So the tolerance is a multiple of what plain f32 loops lose on the very same weights
/// and inputs. Those add every sum up one by one, which nobody's kernel does worse; 3 is for luck:
/// the largest error of some hundred outputs of two equally good programs. Silu whose error was
/// 2e-7 in the mean put EfficientNet-B0 at 4.7 times the plain loops' error, ONNX Runtime is at
/// 0.3.
constexpr double kTimesF32Error = 3;
/// Between these: a network of a few layers loses no more than a rounding or two, by luck; and one
/// that loses more than this says nothing about its kernels, so that errors beyond it are wrong.
constexpr double kLeastNetworkTolerance = 2e-6, kMostNetworkTolerance = 1e-2;
/// Likewise in steps, of which a range has 255 at most: two, and a fifth of the range. Where f32
/// and double round to other steps, the difference goes through all layers behind; what a step
/// alone may be is judged layer by layer.
constexpr double kLeastRoundedTolerance = 2.0 / 128, kMostRoundedTolerance = 0.2;
constexpr int kNetworkInputs = 2;

/// Inputs are seeded_input() of `seed` and those after it. Runs them on all cores.
NetworkReference reference_of(const Graph&, const Plan&, std::uint64_t seed, Progress&);

}  // namespace halcyon
