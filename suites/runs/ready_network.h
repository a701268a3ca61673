#pragma once
#include <optional>
#include <string>
#include <vector>

#include "results/files/temporary_folder.h"
#include "suites/bundle/bundle.h"
#include "suites/bundle/network_bundle.h"
#include "suites/networks/planned_network.h"
#include "suites/request/progress.h"
#include "suites/trials/named_candidate.h"

namespace halcyon {

/// A network on its way to being run: planned, a schedule chosen for each distinct problem,
/// compiled, linked into one program.
class ReadyNetwork {
 public:
  /// One schedule for each problem, whatever rivals or sweep the request asks for. Throws for what
  /// the user wrote wrong and for surroundings that fail; a kernel that does not compile is said by
  /// failed().
  ReadyNetwork(PlannedNetwork, RunPlan, Compiler&, Progress&);

  const Graph& graph() const { return network_.graph; }
  const Plan& plan() const { return network_.plan; }
  const PlannedNetwork& planned() const { return network_; }
  const Target& target() const { return target_; }
  /// Whether it computes in less than f32; and the same in f32.
  bool is_low() const { return is_rounded(network_.graph); }
  const Graph& in_f32() const { return in_f32_ ? *in_f32_ : network_.graph; }
  /// By distinct problem.
  const std::vector<NamedCandidate>& candidates() const { return candidates_; }
  const std::vector<Compiled>& compiled() const { return compiled_; }
  /// By call: its place among the candidates.
  const std::vector<std::size_t>& candidate_of_calls() const { return candidate_of_calls_; }
  /// The first candidate without an object; none when all compiled.
  std::optional<std::size_t> failed() const;

  /// Links the program with these inputs and what they must give; once, and only when none failed.
  const Bundle& bundle(std::vector<NetworkSet>, double tolerance);

 private:
  const PlannedNetwork network_;
  std::optional<Graph> in_f32_;  // where it is not its graph
  const Target target_;
  Compiler& compiler_;
  std::vector<NamedCandidate> candidates_;
  std::vector<Compiled> compiled_;
  std::vector<std::size_t> candidate_of_calls_;
  TemporaryFolder folder_;
  Bundle bundle_;
  std::uint64_t seed_;
};

}  // namespace halcyon
