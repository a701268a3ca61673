#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kernels/problem/problem.h"
#include "suites/peers/compare_peers.h"

namespace halcyon {

/// A case of a bundle, by the name that it has there.
struct ComparedCase {
  std::string id;
  Problem problem;
  std::uint64_t seed = 1;  // of its values in the bundle
};

/// Those of the adapters in `root`, of the project, that are timed on problems: the field's kernels
/// (oneDNN), and what a user would run of one layer (ONNX Runtime, LiteRT).
std::vector<PeerProgram> problem_peers(const std::string& root);

/// Times other systems beside a bundle's cases: case after case, in who.protocol.processes passes,
/// each with processes of its own, which serve all cases. `who`: device, systems, threads, cores,
/// protocol. `told` says which case comes, and is called once for each case of each pass. A
/// comparison for each case; throws as compare_with_peers() and write_problem() do.
std::vector<PeerComparison> compare_cases(
    const PeerTask& who, const std::vector<ComparedCase>&,
    const std::function<void(std::size_t of, int pass)>& told = {});

/// What the passes of one case were, as one comparison. `least`: rounds that a time needs.
PeerComparison merged(const std::vector<PeerComparison>& passes, MacCounts, int least);

}  // namespace halcyon
