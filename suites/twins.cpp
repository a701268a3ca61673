#include "suites/twins.h"

#include <algorithm>

#include "results/format.h"
#include "results/stats.h"

namespace halcyon {
namespace {

/// Times per call, ns, of the samples that both took in the same round and that count.
struct Pairs {
  std::vector<double> first, second;
};
Pairs pairs_of(const Record& first, const Record& second) {
  Pairs pairs;
  for (std::size_t i = 0; i < std::min(first.samples.size(), second.samples.size()); i++) {
    const Sample &a = first.samples[i], &b = second.samples[i];
    if (!a.accepted || !b.accepted) continue;
    pairs.first.push_back(static_cast<double>(a.ns) / static_cast<double>(a.iterations));
    pairs.second.push_back(static_cast<double>(b.ns) / static_cast<double>(b.iterations));
  }
  return pairs;
}

Duel judge_counts(const Record& first, const Record& second) {
  const double a = first.counts->per_call(), b = second.counts->per_call();
  const bool fewer = b < a;
  return {fewer, fixed(fewer ? b / a : a / b, 3) + " times the instructions"};
}

Duel judge_times(const Record& first, const Record& second, std::uint64_t seed) {
  const Pairs pairs = pairs_of(first, second);
  if (pairs.first.empty()) return {false, "no pair of samples counts"};
  const Interval speedup = paired_ratio(pairs.second, pairs.first, seed);
  const std::string range = " (" + fixed(speedup.low, 2) + " to " + fixed(speedup.high, 2) + ")";
  if (verdict(speedup, Rule::winner) == Verdict::better)
    return {true, fixed(speedup.estimate, 2) + " times as fast" + range};
  return {false, "the other is " + fixed(speedup.estimate, 2) + " times as fast" + range};
}

}  // namespace

std::vector<Trial> with_twins(std::vector<Trial> trials) {
  std::vector<Trial> all;
  for (Trial& t : trials) {
    all.push_back(std::move(t));
    const Trial& plain = all.back();
    if (!plain.by || plain.by->loop_opt != LoopOpt::unsaid || plain.search != Outcome::ok) continue;
    Trial twin = plain;
    all.back().by->loop_opt = LoopOpt::off;
    twin.by->loop_opt = LoopOpt::on;
    twin.id += ".llvm_loop_opt";
    twin.twin = true;
    twin.candidate.target = target_for(*twin.by, twin.candidate.target);
    for (Trial* named : {&all.back(), &twin}) named->schedule_source = describe(*named->by);
    all.push_back(std::move(twin));
  }
  return all;
}

Duel judge_twins(const Record& first, const Record& second, std::uint64_t seed) {
  const bool ok = first.outcome == Outcome::ok, other_ok = second.outcome == Outcome::ok;
  if (!ok && !other_ok) return {};
  if (!ok || !other_ok)
    return {other_ok, "the other is " + std::string(to_text((ok ? second : first).outcome))};
  return first.counts && second.counts ? judge_counts(first, second)
                                       : judge_times(first, second, seed);
}

}  // namespace halcyon
