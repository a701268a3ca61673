#include "suites/runs/ready_network.h"

#include "suites/quantise/quantise.h"
#include "suites/trials/candidates.h"

namespace halcyon {

ReadyNetwork::ReadyNetwork(PlannedNetwork network, RunPlan asked, Compiler& compiler,
                           Progress& progress)
    : network_(std::move(network)),
      target_(asked.target),
      compiler_(compiler),
      candidate_of_calls_(case_of_calls(network_.plan)),
      seed_(asked.request.seed) {
  if (is_low()) in_f32_ = network_.source ? *network_.source : halcyon::in_f32(network_.graph);
  asked.request.against.clear();
  asked.request.sweep = Sweep::start;
  const Suite suite = suite_of(network_.plan);
  std::vector<NamedCase> cases;
  for (const Case& c : suite.cases) cases.push_back({c.id, suite.name, c});
  candidates_ = candidates_of(asked, cases);
  std::vector<Candidate> to_compile;
  for (const NamedCandidate& c : candidates_) to_compile.push_back(c.candidate);
  CompileOptions options;
  options.keep_assembly = true;
  progress.begin("compiling " + suite.name, to_compile.size());
  compiled_ = compiler.compile_all(to_compile, options, [&](std::size_t i, const Compiled&) {
    progress.step(candidates_[i].id);
  });
}

std::optional<std::size_t> ReadyNetwork::failed() const {
  for (std::size_t i = 0; i < compiled_.size(); ++i)
    if (compiled_[i].outcome != Outcome::ok) return i;
  return std::nullopt;
}

const Bundle& ReadyNetwork::bundle(std::vector<NetworkSet> sets, double tolerance) {
  std::vector<BundleCase> cases;
  for (std::size_t i = 0; i < candidates_.size(); ++i)
    cases.push_back({candidates_[i].id, candidates_[i].candidate, compiled_[i], Compiled(), seed_});
  bundle_ = make_network_bundle(folder_.path(), target_, {plan(), std::move(sets), tolerance},
                                cases, compiler_.runtime_object(target_));
  return bundle_;
}

}  // namespace halcyon
