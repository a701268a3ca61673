#pragma once
#include <string>
#include <vector>

#include "results/figures/rivals.h"

namespace halcyon {

/// Each case of a dtype below f32 that has itself in f32 beside it in the run, same target, unit,
/// threads and state: a match whose rival is "f32". In the order of the document.
std::vector<Match> against_f32(const Document&);

/// Geometric mean over the network cases of a class.
struct PrecisionMean {
  std::string dtype, kernel_class, target;
  CacheState state = CacheState::warm;
  Interval ratio;  // of f32 over the lower precision: above 1 it is faster
  int cases = 0;
  double slowest = 0;  // the least of the cases' ratios
};
/// Per dtype, class, target and state, in order of first appearance; cases without a ratio and odd
/// ones are left out.
std::vector<PrecisionMean> precision_means(const std::vector<Match>&);

}  // namespace halcyon
