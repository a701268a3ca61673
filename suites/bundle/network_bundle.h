#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "kernels/oracle/tensor.h"
#include "suites/bundle/bundle.h"
#include "suites/graph/plan.h"

namespace halcyon {

/// One input of a network and what it must give, each NHWC of the whole batch.
struct NetworkSet {
  Tensor input;
  std::vector<Tensor> outputs;  // in the order of Plan::outputs
};

/// The same network run in another way.
struct NetworkVariant {
  const Plan* plan = nullptr;
  std::map<std::string, std::string> kernels;  // by problem: id of the case; the first that has the
                                               // problem where it says nothing
};

/// What makes a network of a bundle's kernels.
struct NetworkInBundle {
  const Plan& plan;
  std::vector<NetworkSet> sets;  // one at least; to be checked, two: what one leaves behind must
                                 // not serve the other. The first is timed
  double tolerance = 1e-5;  // largest error allowed, over the range of each output's references
  std::vector<NetworkVariant> variants = {};  // further ones, each with weights of its own
};

/// Values of N(0, 1) for the input of a plan, the whole batch; the same on every machine.
Tensor seeded_input(const Plan&, std::uint64_t seed);

/// A bundle as make_bundle() makes it, whose program also runs the network: its weights in one
/// block, packed by the schedules, in the order in which calls read them. `cases`: one for each
/// distinct problem of the plan (suite_of()), checked and timed as any; the kernel of a call is
/// that of the first case with its problem. They carry data of their own, so that a bundle takes
/// about three times the network's weights. Throws as make_bundle() does; Error (exit 2) when a
/// call has no case or a size does not fit.
Bundle make_network_bundle(const std::string& folder, const Target&, const NetworkInBundle&,
                           const std::vector<BundleCase>& cases, const std::string& runtime_object);

}  // namespace halcyon
