#pragma once
#include <vector>

#include "Halide.h"
#include "kernels/problem.h"

namespace halcyon {

/// One way of computing an activation in f32. Level -1 is the precise form, which propagates NaN;
/// levels 0.. are fitted polynomials, each with its stated error. See activation_form.h for the
/// figures (no Halide there).
Halide::Expr activation_call(Act, Halide::Expr x);  // the placeholder that `act` steps replace
Halide::Expr activation_form(Act, int level, Halide::Expr x);

}  // namespace halcyon
