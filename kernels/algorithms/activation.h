#pragma once
#include "Halide.h"
#include "kernels/problem/problem.h"

namespace halcyon {

/// The placeholder that `act` steps replace: a pure extern call `halcyon_<name>`(x), f32.
Halide::Expr activation_call(Act, Halide::Expr x);

/// One way of computing an activation in f32, without a call of libm: it vectorizes. Level -1 is
/// the precise form; levels 0.. are fitted polynomials, coarse to fine.
/// kernels/problem/activation_form.h has the levels that exist, their errors and what they do to
/// NaN and infinities.
Halide::Expr activation_form(Act, int level, Halide::Expr x);

}  // namespace halcyon
