#include "suites/trials/twins.h"

#include "results/figures/rivals.h"

namespace halcyon {

std::vector<NamedCandidate> with_twins(std::vector<NamedCandidate> candidates) {
  std::vector<NamedCandidate> all;
  for (NamedCandidate& c : candidates) {
    all.push_back(std::move(c));
    const NamedCandidate& plain = all.back();
    if (!plain.by || plain.by->loop_opt != LoopOpt::unsaid || plain.search != Outcome::ok) continue;
    NamedCandidate twin = plain;
    all.back().by->loop_opt = LoopOpt::off;
    twin.by->loop_opt = LoopOpt::on;
    twin.id += ".llvm_loop_opt";
    twin.twin = true;
    twin.candidate.target = target_for(*twin.by, twin.candidate.target);
    for (NamedCandidate* named : {&all.back(), &twin})
      named->schedule_source = describe(*named->by);
    all.push_back(std::move(twin));
  }
  return all;
}

Duel judge_twins(const Record& first, const Record& second) {
  const bool ok = first.outcome == Outcome::ok, other_ok = second.outcome == Outcome::ok;
  if (!ok && !other_ok) return {};
  if (!ok || !other_ok)
    return {other_ok, "the other is " + std::string(to_text((ok ? second : first).outcome))};
  const std::optional<Interval> gain = ratio_of({&second, "", {&first}, {}});
  if (!gain) return {false, "too few samples are of the same moment"};
  const bool counted = second.counts.has_value();
  const bool better =
      counted ? gain->estimate > 1 : verdict(*gain, Rule::winner) == Verdict::better;
  return {better, "the gain of llvm_loop_opt is " + ratio_text(*gain)};
}

std::string keep_better(Record& first, Record& second) {
  const Duel duel = judge_twins(first, second);
  if (duel.second_kept) {
    std::swap(first, second);
    std::swap(first.case_id, second.case_id);
  }
  if (duel.why.empty()) return "";
  return first.case_id + ": kept " + first.schedule_source + ": " + duel.why;
}

}  // namespace halcyon
