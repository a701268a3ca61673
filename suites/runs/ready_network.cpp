#include "suites/runs/ready_network.h"

namespace halcyon {

ReadyNetwork::ReadyNetwork(PlannedNetwork network, Request request, Compiler& compiler,
                           Progress& progress)
    : network_(std::move(network)),
      target_(target_of(request)),
      compiler_(compiler),
      trial_of_calls_(case_of_calls(network_.plan)),
      seed_(request.seed) {
  request.against.clear();
  request.sweep = Sweep::start;
  const Suite suite = suite_of(network_.plan);
  std::vector<NamedCase> cases;
  for (const Case& c : suite.cases) cases.push_back({c.id, suite.name, c});
  trials_ = trials_of(request, cases);
  std::vector<Candidate> candidates;
  for (const Trial& t : trials_) candidates.push_back(t.candidate);
  CompileOptions options;
  options.keep_assembly = true;
  progress.begin("compiling " + suite.name, candidates.size());
  compiled_ = compiler.compile_all(
      candidates, options, [&](std::size_t i, const Compiled&) { progress.step(trials_[i].id); });
}

std::optional<std::size_t> ReadyNetwork::failed() const {
  for (std::size_t i = 0; i < compiled_.size(); ++i)
    if (compiled_[i].outcome != Outcome::ok) return i;
  return std::nullopt;
}

const Bundle& ReadyNetwork::bundle(std::vector<NetworkSet> sets, double tolerance) {
  std::vector<BundleCase> cases;
  for (std::size_t i = 0; i < trials_.size(); ++i)
    cases.push_back({trials_[i].id, trials_[i].candidate, compiled_[i], Compiled(), seed_});
  bundle_ = make_network_bundle(folder_.path(), target_, {plan(), std::move(sets), tolerance},
                                cases, compiler_.runtime_object(target_));
  return bundle_;
}

}  // namespace halcyon
