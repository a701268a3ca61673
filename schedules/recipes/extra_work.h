#pragma once
#include "kernels/problem/problem.h"
#include "schedules/language/step.h"
#include "schedules/targets/target.h"

namespace halcyon {

/// What a schedule has the machine do beyond the multiply-adds of a problem, in multiply-adds: each
/// takes 2 / (GFLOP/s of the peak) ns, whatever the width of a vector.
struct ExtraWork {
  /// Lanes and points that are computed for nothing. Of each op with a product, its multiply-adds
  /// times (c * points * rate - 1): c the channels rounded up to whole vectors of the accumulators
  /// (to whole tiles where the last one shifts inwards) over the channels; points likewise of the
  /// tiles along x, y or p, where none of `divide`'s balanced ones is in excess; rate the elements
  /// that whole vectors multiply-add per cycle over those of vectors as narrow as the schedule's.
  double tail = 0;
  /// Elements that get an activation times the instructions of the form that the schedule picks
  /// (activation_form.h: counted on AVX2, taken for every ISA), each as long as a multiply-add.
  double activation = 0;
};
ExtraWork extra_work(const Problem&, const Schedule&, const Target&);

}  // namespace halcyon
