#pragma once
#include "results/document/document.h"
#include "results/verify/flaw.h"

namespace halcyon {

/// What holds of a whole document beyond what is derived and beyond each record's own parts; adds
/// what breaks it. `minor`: its version.
void find_broken_rules(const Document&, int minor, Flaws&);

}  // namespace halcyon
