#include "suites/runner/check/network_check.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "suites/runner/check/trust.h"
#include "suites/runner/process/fault.h"
#include "suites/runner/process/guarded_memory.h"
#include "suites/runner/process/halide_hooks.h"
#include "suites/runner/process/surroundings.h"

namespace halcyon {
namespace {

Finding find_mistrust(const BundledNetwork& n) {
  if (n.sets() < 2)
    return {Outcome::mistrusted, "one input: what an earlier run left behind would look right", ""};
  for (const BundledArgument& output : n.outputs)
    if (const auto why = mistrust(output.sets))
      return {Outcome::mistrusted, "the reference of " + output.spec.name + " " + *why, ""};
  return {};
}

std::vector<Tensor> outputs_of(const Network& network) {
  std::vector<Tensor> all;
  for (std::size_t i = 0; i < network.bundled().outputs.size(); i++)
    all.emplace_back(network.output(i));
  return all;
}

/// Forth and back.
std::vector<std::size_t> turns_of(std::size_t sets) {
  std::vector<std::size_t> turns(sets);
  std::iota(turns.begin(), turns.end(), std::size_t{0});
  turns.insert(turns.end(), turns.rbegin(), turns.rend());
  return turns;
}

Finding check_all(Network& network, NetworkJudge& judge) {
  const BundledNetwork& n = network.bundled();
  if (auto f = find_mistrust(n); !f.ok()) return f;
  std::map<std::size_t, std::vector<Tensor>> first;
  int turn = 0;
  for (const std::size_t set : turns_of(n.sets())) {
    const std::uint32_t pattern = poison_pattern(n.name + " " + std::to_string(turn++));
    distrust_kernel_memory(~pattern | 0x7f800001);  // another NaN than in the arena
    if (auto f = judge.run(set, pattern); !f.ok()) return f;
    const std::vector<Tensor> outputs = outputs_of(network);
    const auto [known, is_new] = first.try_emplace(set, outputs);
    judge.sets_seen += is_new;
    if (outputs != known->second)
      return {Outcome::nondeterministic,
              "input set " + std::to_string(set) + " gives other outputs the second time", ""};
  }
  return {};
}

}  // namespace

NetworkJudge::NetworkJudge(Network& network)
    : network_(network), seen_(network.bundled().outputs.size()) {}

Finding NetworkJudge::run(std::size_t set, std::uint32_t pattern) {
  network_.load(network_.bundled().input.sets[set]);
  network_.poison(pattern);
  const Surroundings before = look_around();
  int code = 0;
  if (const auto fault = run_guarded([&] { code = network_.run(); }))
    return in_call(network_, judge_crash(*fault));
  if (const auto what = changed_since(before); !what.empty())
    return {Outcome::input_modified, "the run changed " + what, what};
  if (auto f = judge_end(code); !f.ok()) return in_call(network_, f);
  return judge(set, pattern);
}

Finding NetworkJudge::judge(std::size_t set, std::uint32_t pattern) {
  const BundledNetwork& n = network_.bundled();
  for (std::size_t i = 0; i < n.outputs.size(); i++)
    if (auto f = judge_output(n.outputs[i], network_.output(i), set, pattern, seen_[i]); !f.ok()) {
      f.detail = "input set " + std::to_string(set) + ": " + f.detail;
      return f;
    }
  if (const auto what = network_.changed(n.input.sets[set]); !what.empty())
    return {Outcome::input_modified, "the run changed " + what, what};
  return {};
}

void NetworkJudge::state(const Finding& f, NetworkMeasured& m) const {
  const BundledNetwork& n = network_.bundled();
  m.outcome = f.outcome;
  m.detail = f.detail;
  m.check = {};
  m.errors.clear();
  for (std::size_t i = 0; i < seen_.size(); i++) {
    m.errors.push_back({n.outputs[i].spec.name, seen_[i].max_abs, n.ranges[i]});
    m.check.max_abs = std::max(m.check.max_abs, seen_[i].max_abs);
    m.check.max_rel = std::max(m.check.max_rel, seen_[i].max_rel);
    m.check.cosine = std::min(m.check.cosine, seen_[i].cosine);
    m.check.tolerance_abs = std::max(m.check.tolerance_abs, n.outputs[i].tolerance.absolute);
  }
  m.check.where = f.where;
  m.check.input_sets = sets_seen;
  m.check.passed = f.ok() || f.outcome == Outcome::noisy || f.outcome == Outcome::impossible;
  m.bytes = {static_cast<std::int64_t>(n.weights.size()), static_cast<std::int64_t>(n.arena_bytes),
             static_cast<std::int64_t>(n.input.bytes()), 0,
             static_cast<std::int64_t>(kernel_scratch_bytes())};
  for (const BundledArgument& output : n.outputs)
    m.bytes.output += static_cast<std::int64_t>(output.bytes());
}

Finding in_call(const Network& network, Finding f) {
  f.detail = "call '" + network.at() + "': " + f.detail;
  return f;
}

NetworkMeasured check_network(const BundledNetwork& n) {
  Network network(n);
  NetworkJudge judge(network);
  NetworkMeasured m;
  judge.state(check_all(network, judge), m);
  return m;
}

}  // namespace halcyon
