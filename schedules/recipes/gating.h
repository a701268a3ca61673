#pragma once
#include "schedules/recipes/op_recipe.h"

namespace halcyon {

/// The factor per channel at the end of a squeeze-and-excite (or of a bare `scale`) belongs to the
/// map or, just as well, to the weights of the pointwise that reads it: the K channels of
/// either are multiplied, P points or N outputs times. Which one is knob "gate" of the op.
enum class GateOn { map = 0, weights = 1 };

/// Whether the op has the choice: one image, and a pointwise without groups reads its result.
bool may_gate_weights(const Problem&, int op);
/// The smaller of the two operands. With several threads one gates the weights while the others
/// wait and then fetch them from it, which five times as many points outweigh.
GateOn analytic_gate(const Problem&, int op, int threads);
/// Rewrites of a chain whose op `op` gates weights; `tile_c` is how its reader's are packed.
void gate_rewrite(const Site&, Steps&);
void gate_pack(const Site&, int tile_c, Steps&);
/// Where the gated weights are computed, and their loops.
void gate_steps(const Site&, int tile_c, Steps&);
OuterLoop gate_loop(const Site&, int tile_c);

}  // namespace halcyon
