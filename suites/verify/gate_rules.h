#pragma once
#include <string>

#include "results/verify/verify.h"

namespace halcyon {

/// Outcomes are what the gate of the document's own protocol says of the samples: enough of them
/// and a median that is known well, or noisy and why; queue delays; nothing faster than the core.
void find_broken_gates(const Document&, int minor, Flaws&);

/// What the run's goals reached is what its records say, for goals that stand in the file.
DocumentRule goals_rule(const std::string& goals_file);

}  // namespace halcyon
