#pragma once
#include "kernels/algorithms/algorithm.h"
#include "schedules/language/step.h"

namespace halcyon {

// One rewrite of the algorithm per step, a file each. All throw step_error, when the step does not
// apply or would change what is computed.
void rewrite_pack(Algorithm&, const Step&);
/// Only widens an argument, see layout.h: the algorithm never reads what it adds.
void rewrite_interleave(Algorithm&, const Step&);
void rewrite_round(Algorithm&, const Step&);
void rewrite_flatten(Algorithm&, const Step&);
void rewrite_pad(Algorithm&, const Step&);
void rewrite_divide(Algorithm&, const Step&);
void rewrite_gate(Algorithm&, const Step&);
void rewrite_fill(Algorithm&, const Step&);
void rewrite_gather(Algorithm&, const Step&);
void rewrite_signed(Algorithm&, const Step&);
void rewrite_winograd(Algorithm&, const Step&);
void rewrite_act(Algorithm&, const Step&);

/// The precise form for every activation that no `act` step chose.
void use_precise_activations(Algorithm&);

/// Position of `name` among the inputs; -1 when it is none.
int input_index(const Algorithm&, const std::string& name);
/// Throws step_error when the step's stage is none of them.
void must_be_input(const Algorithm&, const Step&);

}  // namespace halcyon
