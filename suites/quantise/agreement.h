#pragma once
#include <vector>

#include "kernels/oracle/tensor.h"

namespace halcyon {

/// How near outputs come to those of f32, over all outputs of all inputs together.
struct Agreement {
  int inputs = 0;
  double sqnr_db = 0;         // the energy of f32's outputs over that of the errors
  double cosine = 1;          // of the angle between both
  double top1_agreement = 1;  // the share of images whose largest value has the same place, in the
                              // first output
};
/// Of two lists by input, each of the network's outputs; `images`: in each.
Agreement agreement_of(const std::vector<std::vector<Tensor>>& found,
                       const std::vector<std::vector<Tensor>>& in_f32, int images);

}  // namespace halcyon
