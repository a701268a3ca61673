#pragma once
#include <string>

#include "results/document.h"

namespace halcyon {

/// Percent of the FMA peak per kernel class beside its goal (suites/goals.json), with the CPU it
/// was.
std::string goals_table(const Document&);

}  // namespace halcyon
