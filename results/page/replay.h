#pragma once
#include <string>
#include <vector>

#include "results/figures/replayed.h"
#include "results/record/machine.h"

namespace halcyon {

/// Spaces and what strategies did on them as one self-contained page: of every strategy the share
/// of the optimum by trial, of every space its figures in order and those of the two knobs that
/// matter most. No script, no network, nothing executable from data. `command` as typed.
std::string replay_page(const std::vector<ReplayedSpace>&, const std::string& command,
                        const Toolchain&);

}  // namespace halcyon
