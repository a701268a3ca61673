#pragma once
#include <string>
#include <vector>

#include "suites/graph/fuse.h"

namespace halcyon {

/// Gives each unit the dtype that it computes in: that in which what it reads and what it yields
/// are held, where they agree and its op can be computed in it; else f32. Where a value is wanted
/// in another dtype than it is held in, and where the network's input and outputs are, units that
/// convert stand between. Afterwards every value is held as its tensor is stored.
std::vector<Unit> convert(Graph&, std::vector<Unit>);

/// The name that the input's value has where it is held in less than f32.
std::string stored_input_name(const Graph&);

}  // namespace halcyon
