#pragma once
#include "schedules/recipes/op_recipe.h"

namespace halcyon {

/// The second output of an op (Epilogue::sums), which sums its finished result over the map: blocks
/// of channels pass over all of it. `nests`: the op's own, where threads share them, else empty. Of
/// one that threads share by rows, each sums the rows that it wrote, and what they found is summed
/// then: a map of 14x14x240 that the other core wrote half of takes as long to read as to compute.
void sums_steps(const Site&, const std::vector<OuterLoop>& nests, Steps&);
/// What threads may share of it.
OuterLoop sums_loop(const Site&, const std::vector<OuterLoop>& nests);

}  // namespace halcyon
