#include <algorithm>

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

/// "0.83x of 12": what a guest's best reached of the start, and how many schedules it gave.
std::string guest_text(const SearchResult& s, const std::string& guest) {
  const auto count = std::count_if(s.trials.begin(), s.trials.end(),
                                   [&](const Searched& t) { return t.trial.rival == guest; });
  if (count == 0) return "nothing";
  const auto least = s.least_cost(guest);
  return (least ? fixed(1 / *least, 2) + "x" : "no figure") + " of " + std::to_string(count);
}

std::vector<std::string> row_of(const SearchResult& s, const std::vector<std::string>& guests) {
  const Searched* winner = s.winner();
  std::string what = "the start stands";
  if (winner) what = evidence_text(s.decision.evidence[*s.decision.winner]);
  if (!s.start().tried.cost) what = "no figure for the start";
  if (!s.ended) what = "interrupted";
  const auto points = std::count_if(s.trials.begin(), s.trials.end(),
                                    [](const Searched& t) { return t.point.has_value(); });
  std::vector<std::string> row = {s.of.id, start_text(s.start().tried.record), what,
                                  std::to_string(points) + (s.whole_space ? " (all)" : "")};
  for (const std::string& guest : guests) row.push_back(guest_text(s, guest));
  row.push_back(winner ? name_of(winner->trial) : "");
  return row;
}

/// Who tried their luck beside the recipe, in order of appearance.
std::vector<std::string> guests_of(const Tuning& tuning) {
  std::vector<std::string> guests;
  for (const SearchResult& s : tuning.searches)
    for (const Searched& t : s.trials)
      if (!t.point && std::find(guests.begin(), guests.end(), t.trial.rival) == guests.end())
        guests.push_back(t.trial.rival);
  return guests;
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
  const std::vector<std::string> guests = guests_of(tuning);
  std::vector<std::vector<std::string>> rows = {{"case", "start", "winner over it", "trials"}};
  rows.front().insert(rows.front().end(), guests.begin(), guests.end());
  rows.front().push_back("point");
  int noisy = 0;
  for (const SearchResult& s : tuning.searches) {
    if (s.trials.empty()) continue;
    rows.push_back(row_of(s, guests));
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
