#include "autotune/in_network/metered_network_worker.h"

#include <algorithm>
#include <map>

#include "kernels/error.h"
#include "suites/meters/network_meter.h"
#include "suites/networks/network_reference.h"

namespace halcyon {
namespace {

constexpr int kProcesses = 3;  // memory lies elsewhere in each

/// Adds what one process gave; rounds of several forms stay side by side.
void append(const std::vector<NetworkMeasured>& measured, std::vector<FormRounds>& rounds,
            const std::vector<std::size_t>& which) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < which.size(); i++) {
    FormRounds& form = rounds[which[i]];
    const NetworkMeasured& m = measured[i];
    if (m.outcome != Outcome::ok && form.outcome == Outcome::ok) {
      form.outcome = m.outcome;
      form.detail = m.detail;
    }
    for (const Sample& s : m.samples) form.whole_ns.push_back(s.accepted ? s.ns_per_call() : 0);
    form.calls_ns.insert(form.calls_ns.end(), m.stamps.begin(), m.stamps.end());
    most = std::max({most, form.whole_ns.size(), form.calls_ns.size()});
  }
  for (const std::size_t i : which) {
    rounds[i].whole_ns.resize(most, 0);
    rounds[i].calls_ns.resize(most);
  }
}

/// The kernels of several forms, each once, and which of them each form has.
struct Kernels {
  std::vector<BundleCase> cases;
  std::vector<NetworkVariant> variants;  // by form

  explicit Kernels(const std::vector<NetworkForm>& forms) {
    std::map<std::string, std::string> ids;  // by problem and schedule
    for (const NetworkForm& form : forms) {
      variants.push_back({form.plan, {}});
      for (const NamedCandidate& t : form.candidates) {
        const std::string problem = t.of.problem.text();
        const auto [found, is_new] = ids.try_emplace(problem + "\n" + to_text(t.candidate.schedule),
                                                     t.of.id + "." + std::to_string(cases.size()));
        if (is_new) {
          cases.push_back(
              {.id = found->second, .candidate = t.candidate, .timed = {}, .checked = {}});
          cases.back().bare = true;
        }
        variants.back().kernels[problem] = found->second;
      }
    }
  }

  /// The first that does not compile; empty when all do.
  std::string compile(Compiler& compiler) {
    std::vector<Candidate> candidates;
    for (const BundleCase& c : cases) candidates.push_back(c.candidate);
    CompileOptions options;
    options.keep_assembly = true;  // as in the search, where most were compiled
    const auto compiled = compiler.compile_all(candidates, options);
    for (std::size_t i = 0; i < cases.size(); i++) {
      cases[i].timed = compiled[i];
      if (compiled[i].outcome != Outcome::ok)
        return cases[i].id + ": " + std::string(to_text(compiled[i].outcome)) + ": " +
               compiled[i].detail;
    }
    return "";
  }
};

}  // namespace

const NetworkReference& MeteredNetworkWorker::reference(const Plan& plan) {
  Progress silent(Progress::Style::silent);
  if (!reference_) reference_ = reference_of(graph_, plan, place_.request.seed, silent);
  return *reference_;
}

std::vector<FormRounds> MeteredNetworkWorker::measure(const std::vector<NetworkForm>& forms) {
  Kernels kernels(forms);
  const std::string why =
      timed(place_.spent.compiling, [&] { return kernels.compile(place_.compiler); });
  std::vector<FormRounds> rounds(forms.size());
  for (FormRounds& form : rounds) form.detail = why;
  if (!why.empty()) return rounds;
  const TemporaryFolder folder;
  const Plan& plan = *forms.front().plan;
  const NetworkReference& wanted = reference(plan);
  // The kernels of the first form come first: those of the bundle's own network.
  const std::vector<NetworkVariant> others(kernels.variants.begin() + 1, kernels.variants.end());
  const Bundle bundle = timed(place_.spent.linking, [&] {
    return make_network_bundle(folder.path(), place_.target,
                               {plan, wanted.sets, wanted.tolerance(), others}, kernels.cases,
                               place_.compiler.runtime_object(place_.target));
  });
  const NetworkMeter meter(place_.target);
  std::vector<std::size_t> right;
  for (std::size_t i = 0; i < forms.size(); i++) {
    const NetworkMeasured m =
        timed(place_.spent.checking, [&] { return meter.check_one(bundle, i); });
    rounds[i].outcome = m.outcome;
    rounds[i].detail = m.detail;
    if (m.outcome == Outcome::ok) right.push_back(i);
  }
  for (int process = 0; process < kProcesses; process++) {
    if (right.empty() || right.front() != 0) break;  // nothing to measure against
    Protocol protocol = place_.protocol;
    protocol.seed += static_cast<std::uint64_t>(process);
    append(timed(place_.spent.measuring,
                 [&] { return meter.measure_together(bundle, right, protocol); }),
           rounds, right);
  }
  return rounds;
}

}  // namespace halcyon
