#pragma once
#include <string>
#include <vector>

#include "results/document/document.h"

namespace halcyon {

/// Runs of two builds, made in turns with the same words, as one run: the last of `ours` with the
/// samples of all of them, a process each, and beside every case and network the other build's as a
/// rival, as a system beside the network, called `rival`. What is not right in one of the runs is
/// so in the record. Cases and networks that only one build has have no rival. `needed`: accepted
/// samples, over all runs: as few as one run needs.
Document joined(const std::vector<Document>& ours, const std::vector<Document>& theirs,
                const std::string& rival, int needed);

}  // namespace halcyon
