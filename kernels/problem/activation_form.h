#pragma once
#include <vector>

#include "kernels/problem/problem.h"

namespace halcyon {

/// A form of an activation, what it costs in accuracy and in work. Strings are for people; a test
/// reads them.
struct ActivationForm {
  Act function;
  int level;             // -1 precise; 0 .. coarse to fine
  double max_error;      // absolute, over [-10, 10], in f32 arithmetic with rounding; a bound
  double mean_error;     // largest of the mean error, over normal inputs of means -1 .. 1 and
                         // deviations 0.5 .. 2, likewise: what does not cancel in sums; a bound
  const char* nan;       // what it gives for NaN: all forms propagate it
  const char* infinity;  // what it gives at -infinity and +infinity: "0, inf"
  int instructions;      // of AVX2 for 8 floats, loads and stores aside, divisions among them: what
  int divisions;         // a vector costs in an epilogue, where loads and stores are not its own
};
/// Every form there is, those of a function together, precise first. A test recomputes the figures.
const std::vector<ActivationForm>& activation_forms();
const ActivationForm* find_form(Act, int level);  // null when there is none

}  // namespace halcyon
