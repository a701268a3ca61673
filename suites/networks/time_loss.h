#pragma once
#include <vector>

#include "results/record/network_record.h"
#include "schedules/recipes/extra_work.h"

namespace halcyon {

/// What is known of a call's time, ns of one image.
struct CallFacts {
  double call_ns = 0;        // as measured inside the run
  double least_ns = 0;       // its multiply-adds, with padded taps, at the rate probed in the run
  double overhead_ns = 0;    // what the runner adds to a call: of one to a kernel that does nothing
  double tail_ns = 0;        // ExtraWork::tail at that rate
  double activation_ns = 0;  // ExtraWork::activation at that rate
  double memory_ns = 0;      // Bound::memory_ns
};
/// Tells apart where the time beyond the arithmetic went: call_ns - least_ns, at least 0. A cause
/// gets what it is estimated at, but no more than those before it left, in this order:
///
///   overhead    overhead_ns
///   tail        tail_ns: vectors and tiles larger than the channels and points
///   activation  activation_ns
///   memory      memory_ns beyond least_ns, tail and activation, behind which it could hide
///   other       all that is left: what these four do not explain
///
/// So the five add up to the loss, and none is below 0. All are there, in that order.
std::vector<TimeLoss> split_loss(const CallFacts&);

/// Of a call that has a time and a bound, as it ran: `peak_gflops` probed around the network's own
/// samples.
std::vector<TimeLoss> losses_of(const NetworkCall&, const ExtraWork&, double peak_gflops,
                                double overhead_ns);

}  // namespace halcyon
