#pragma once
#include "suites/graph/plan.h"

namespace halcyon {

/// Places the arena's tensors: those that live at the same time never overlap. A tensor lives from
/// the call that writes it to the last that reads it, both included. Sets offsets, arena_bytes and
/// largest_live_bytes. For one thread greedy, the largest first at the lowest offset that is free
/// (as TensorFlow Lite's arena planner does), then better orders are sought.
///
/// For several, tensors that share memory share their middle: threads work on equal contiguous
/// parts, and a line that the other core wrote last must be fetched from there before it can be
/// written, at a fifth of the speed. That costs memory: what was freed is used again whole only.
void place(Plan&, int threads = 1);

}  // namespace halcyon
