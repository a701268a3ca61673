#pragma once
#include <string>
#include <vector>

#include "kernels/problem.h"

namespace halcyon {

/// A form of an activation and what it costs in accuracy.
struct ActivationForm {
  Act function;
  int level;                // -1 precise; 0 .. coarse to fine
  double max_error;         // absolute, over [-10, 10], f32 arithmetic, stated bound
  const char* nan;          // what it gives for NaN: "NaN", "-c*q" ...
  const char* infinity;     // for +-infinity
};
/// Every form there is; precise ones first. A test recomputes max_error.
const std::vector<ActivationForm>& activation_forms();
const ActivationForm* find_form(Act, int level);  // null when there is none

}  // namespace halcyon
