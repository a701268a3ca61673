#pragma once
#include <cstdint>

#include "suites/meters/network_meter.h"
#include "suites/quantise/agreement.h"
#include "suites/quantise/layer_check.h"
#include "suites/request/progress.h"
#include "suites/runs/ready_network.h"

namespace halcyon {

constexpr int kAccuracyInputs = 16;
/// That a layer may be off plain loops in double by: where a value lies near the edge of a step.
constexpr double kMostSteps = 1;

/// Runs of the program of a network in less than f32, to see how right and how near to f32 it is.
/// Where a run fails, `ran` says so and the result means nothing.
class LowRuns {
 public:
  LowRuns(const ReadyNetwork&, const NetworkMeter&, const Bundle&);
  /// Every tensor between calls; as check_layers() has it.
  LayerCheck check_layers(const Tensor& input, NetworkMeasured& ran) const;
  /// The outputs for inputs of N(0, 1), others than those that it is checked by.
  Agreement agreement(std::uint64_t seed, Progress&, NetworkMeasured& ran) const;

 private:
  std::vector<Tensor> outputs_for(const Tensor& input, const std::string& calls,
                                  NetworkMeasured& ran) const;

  const ReadyNetwork& network_;
  const NetworkMeter& meter_;
  const Bundle& bundle_;
};

}  // namespace halcyon
