#include "suites/peers/compare_cases.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "kernels/interrupt.h"
#include "results/files/temporary_folder.h"
#include "suites/peers/problem_files.h"

namespace halcyon {
namespace {

constexpr double kTolerance = 1e-4;  // as between networks of f32

bool may_go_on(PeerOutcome outcome) {
  return outcome == PeerOutcome::ok || outcome == PeerOutcome::noisy;
}

/// Each case as a task, its files in a folder of its own.
std::vector<PeerTask> tasks_of(const PeerTask& who, const std::vector<ComparedCase>& cases,
                               const std::string& folder) {
  std::vector<PeerTask> tasks;
  for (const ComparedCase& c : cases) {
    throw_if_interrupted();
    const std::string own = folder + "/" + std::to_string(tasks.size());
    std::filesystem::create_directory(own);
    ProblemFiles files = write_problem(c.problem, c.seed, own);
    PeerTask& task = tasks.emplace_back(who);
    task.own_case = c.id;
    task.model = files.model;
    task.description = files.description;
    task.input = std::move(files.input);
    task.expected = std::move(files.expected);
    task.own_expected = std::move(files.own_expected);
    task.tolerance = kTolerance;
    task.macs = {c.problem.macs(), c.problem.macs_inside()};
  }
  return tasks;
}

/// A pass's share of the rounds; whether they are enough is seen when all are there.
Protocol protocol_of_pass(Protocol p) {
  const int passes = std::max(p.processes, 1);
  p.wanted_samples = (p.wanted_samples + passes - 1) / passes;
  p.least_samples = 1;
  p.case_cap_seconds /= passes;
  p.processes = 1;
  return p;
}

/// The rounds that all who were timed in a pass have.
std::size_t rounds_of(const PeerComparison& pass) {
  std::size_t rounds = pass.own.samples.size();
  for (const PeerResult& peer : pass.peers)
    if (may_go_on(peer.outcome)) rounds = std::min(rounds, peer.samples.size());
  return rounds;
}

/// Adds what a system did in a pass.
void add_pass(PeerResult& all, const PeerResult& one, std::size_t rounds, int pass, int order) {
  if (!may_go_on(all.outcome)) return;
  if (!may_go_on(one.outcome)) {
    all.outcome = one.outcome;
    all.detail = one.detail;
    all.max_error = one.max_error;
    all.sqnr_db = one.sqnr_db;
    return all.samples.clear();
  }
  all.max_error = std::max(all.max_error.value_or(0), one.max_error.value_or(0));
  if (one.sqnr_db) all.sqnr_db = std::min(all.sqnr_db.value_or(*one.sqnr_db), *one.sqnr_db);
  all.layout = one.layout;
  for (std::size_t i = 0; i < std::min(rounds, one.samples.size()); i++) {
    Sample s = one.samples[i];
    s.process = pass;
    s.order += order;
    all.samples.push_back(std::move(s));
  }
}

void settle(PeerResult& r, const std::vector<Sample>& own, int least) {
  if (!may_go_on(r.outcome)) return;
  const int counted = shared_rounds(own, r.samples);
  r.outcome = counted >= least ? PeerOutcome::ok : PeerOutcome::noisy;
  r.detail = counted >= least ? "" : too_few_text(counted, r.samples.size(), least, "rounds");
}

}  // namespace

std::vector<PeerProgram> problem_peers(const std::string& root) {
  constexpr const char* kNames[] = {"litert", "onednn", "onnxruntime"};
  std::vector<PeerProgram> programs = peer_programs(root);
  std::erase_if(programs, [&](const PeerProgram& p) {
    return std::find(std::begin(kNames), std::end(kNames), p.name) == std::end(kNames);
  });
  return programs;
}

PeerComparison merged(const std::vector<PeerComparison>& passes, MacCounts macs, int least) {
  PeerComparison all = passes.front();
  const auto reset = [](PeerResult& r) {
    if (may_go_on(r.outcome)) r.outcome = PeerOutcome::ok, r.detail.clear();
    r.samples.clear();
  };
  reset(all.own);
  for (PeerResult& peer : all.peers) reset(peer);
  int order = 0;
  for (std::size_t pass = 0; pass < passes.size(); pass++) {
    const PeerComparison& one = passes[pass];
    const std::size_t rounds = rounds_of(one);
    const auto add = [&](PeerResult& to, const PeerResult& from) {
      add_pass(to, from, rounds, static_cast<int>(pass), order);
    };
    add(all.own, one.own);
    for (std::size_t i = 0; i < all.peers.size(); i++) add(all.peers[i], one.peers[i]);
    order += static_cast<int>(one.own.samples.size() * (1 + one.peers.size()));
  }
  for (PeerResult& peer : all.peers) settle(peer, all.own.samples, least);
  settle(all.own, all.own.samples, least);
  return derived(std::move(all), macs);
}

std::vector<PeerComparison> compare_cases(const PeerTask& who,
                                          const std::vector<ComparedCase>& cases,
                                          const std::function<void(std::size_t, int)>& told) {
  const TemporaryFolder folder;
  std::vector<PeerTask> tasks = tasks_of(who, cases, folder.path());
  std::vector<std::vector<PeerComparison>> passes(cases.size());
  for (int pass = 0; pass < who.protocol.processes; pass++) {
    RunningPeers running(who);
    for (std::size_t i = 0; i < tasks.size(); i++) {
      if (told) told(i, pass);
      tasks[i].protocol = protocol_of_pass(who.protocol);
      tasks[i].protocol.seed += static_cast<std::uint64_t>(pass);
      passes[i].push_back(running.compare(tasks[i]));
      tasks[i].inferences = passes[i].front().inferences;
    }
  }
  std::vector<PeerComparison> all;
  for (std::size_t i = 0; i < tasks.size(); i++)
    all.push_back(merged(passes[i], tasks[i].macs, who.protocol.least_samples));
  return all;
}

}  // namespace halcyon
