#pragma once
#include "suites/graph/plan.h"

namespace halcyon {

/// Places the arena's tensors: those that live at the same time never overlap. A tensor lives from
/// the call that writes it to the last that reads it, both included. Sets offsets, arena_bytes and
/// largest_live_bytes. Greedy, the largest first at the lowest offset that is free (as TensorFlow
/// Lite's arena planner does), then better orders are sought.
void place(Plan&);

}  // namespace halcyon
