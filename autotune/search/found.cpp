#include "autotune/search/found.h"

#include <algorithm>

#include "results/text/format.h"

namespace halcyon {
namespace {

constexpr const char* kOwn = "recipe";

Found found_by(const SearchResult& s, const std::string& guest) {
  Found found;
  found.by = guest.empty() ? kOwn : guest;
  found.trials = std::count_if(s.trials.begin(), s.trials.end(),
                               [&](const Searched& t) { return t.named.rival == guest; });
  if (const Searched* best = s.best_of(guest)) {
    found.speedup = 1 / *best->tried.cost;
    found.to_the_end = best->tried.record.outcome == Outcome::ok;
    found.record = best->tried.record.id;
  }
  return found;
}

std::string why(const SearchResult& s) {
  if (!s.ended) return "interrupted";
  const Record& start = s.start().tried.record;
  if (!s.start().tried.cost)
    return "the start is " + std::string(to_text(start.outcome)) + ": " + start.detail;
  if (!s.decision.winner) return s.decision.why;
  return evidence_text(s.decision.evidence[*s.decision.winner]) + ", " + s.decision.why;
}

}  // namespace

std::string evidence_text(const std::vector<Evidence>& states) {
  const Evidence* least = &states.front();
  for (const Evidence& e : states)
    if (e.speedup.low < least->speedup.low) least = &e;
  const Interval& ratio = least->speedup;
  return fixed(ratio.estimate, 2) + "x (" + fixed(ratio.low, 2) + " to " + fixed(ratio.high, 2) +
         ", " + least->state + ")";
}

SearchOutcome outcome_of(const SearchResult& s, const std::vector<std::string>& guests) {
  SearchOutcome outcome{s.of.id, s.of.of.problem.text(), s.start().tried.record.target, {}, "",
                        why(s)};
  outcome.found.push_back(found_by(s, ""));
  for (const std::string& guest : guests) outcome.found.push_back(found_by(s, guest));
  if (const Searched* winner = s.winner()) outcome.winner = name_of(winner->named);
  return outcome;
}

}  // namespace halcyon
