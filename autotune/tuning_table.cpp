#include "autotune/tune.h"
#include "results/columns.h"
#include "results/format.h"

namespace halcyon {
namespace {

std::string start_text(const Record& r) {
  if (r.statistics) return figure_text(r.statistics->median_ns, "ns");
  if (r.counts) return figure_text(r.counts->per_call(), r.unit);
  return std::string(to_text(r.outcome));
}

/// "1.08x (1.06 to 1.09)": the least of its states, which is what the rule asks of.
std::string evidence_text(const std::vector<Evidence>& states) {
  const Evidence* least = &states.front();
  for (const Evidence& e : states)
    if (e.speedup.low < least->speedup.low) least = &e;
  const Interval& ratio = least->speedup;
  return fixed(ratio.estimate, 2) + "x (" + fixed(ratio.low, 2) + " to " + fixed(ratio.high, 2) +
         ", " + least->state + ")";
}

std::vector<std::string> row_of(const SearchResult& s) {
  const Searched* winner = s.winner();
  std::string what = "the start stands";
  if (winner) what = evidence_text(s.decision.evidence[*s.decision.winner]);
  if (!s.start().tried.cost) what = "no figure for the start";
  if (!s.ended) what = "interrupted";
  return {s.of.id, start_text(s.start().tried.record), what,
          std::to_string(s.trials.size()) + (s.whole_space ? " (all)" : ""),
          winner ? to_text(winner->trial.point) : ""};
}

/// "40 s: compiling 12, checking 3, measuring 20, linking 4; overhead 12 %".
std::string time_text(const TimeSpent& spent, double all) {
  const double work = spent.compiling + spent.checking + spent.measuring;
  return fixed(all, 0) + " s: compiling " + fixed(spent.compiling, 0) + ", checking " +
         fixed(spent.checking, 0) + ", measuring " + fixed(spent.measuring, 0) + ", linking " +
         fixed(spent.linking, 0) + "; overhead " +
         fixed(all > 0 ? 100 * (all - work) / all : 0, 0) + " %\n";
}

}  // namespace

std::string tuning_table(const Tuning& tuning) {
  std::vector<std::vector<std::string>> rows = {
      {"case", "start", "winner over it", "trials", "point"}};
  int noisy = 0;
  for (const SearchResult& s : tuning.searches) {
    if (s.trials.empty()) continue;
    rows.push_back(row_of(s));
    noisy += s.noisy_windows;
  }
  std::string text = columns(rows) + "\n" + outcomes_text(tuning.searches) + "\n" +
                     time_text(tuning.spent, tuning.document.seconds);
  if (noisy)
    text +=
        std::to_string(noisy) + " batches noisy: the start drifted by more than 3 % meanwhile\n";
  return text;
}

}  // namespace halcyon
