#include <algorithm>
#include <span>

#include "autotune/search/found.h"
#include "autotune/tune.h"
#include "results/text/columns.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

std::string start_text(const Record& r) {
  if (r.statistics) return figure_text(r.statistics->median_ns, "ns");
  if (r.counts) return figure_text(r.counts->per_call(), r.unit);
  return std::string(to_text(r.outcome));
}

/// What those found who tried their luck beside the recipe.
std::span<const Found> guests_of(const SearchOutcome& outcome) {
  return std::span(outcome.found).subspan(1);
}

std::vector<std::string> row_of(const SearchResult& s, const SearchOutcome& outcome) {
  const Searched* winner = s.winner();
  std::string what = "the start stands";
  if (winner) what = evidence_text(s.decision.evidence[*s.decision.winner]);
  if (!s.start().tried.cost) what = "no figure for the start";
  if (!s.ended) what = "interrupted";
  const auto points = std::count_if(s.trials.begin(), s.trials.end(),
                                    [](const Searched& t) { return t.point.has_value(); });
  std::vector<std::string> row = {s.of.id, start_text(s.start().tried.record), what,
                                  std::to_string(points) + (s.whole_space ? " (all)" : "")};
  for (const Found& f : guests_of(outcome)) row.push_back(found_text(f));
  row.push_back(winner ? name_of(winner->named) : "");
  return row;
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
  std::vector<std::vector<std::string>> rows = {{"case", "start", "winner over it", "trials"}};
  int noisy = 0;
  bool dropped = false;
  for (const SearchResult& s : tuning.searches) {
    if (s.trials.empty()) continue;
    const SearchOutcome& outcome = (*tuning.document.searches)[rows.size() - 1];
    if (rows.size() == 1) {
      for (const Found& f : guests_of(outcome)) rows[0].push_back(f.by);
      rows[0].push_back("point");
    }
    rows.push_back(row_of(s, outcome));
    for (const Found& f : guests_of(outcome)) dropped |= f.speedup && !f.to_the_end;
    noisy += s.noisy_windows;
  }
  std::string text = columns(rows) + "\n" + outcomes_text(tuning.searches) + "\n" +
                     time_text(tuning.spent, tuning.document.seconds);
  if (dropped)
    text +=
        "~: dropped early, a quarter or more behind the best; where it stood then, over the "
        "start\n";
  if (noisy)
    text +=
        std::to_string(noisy) + " batches noisy: the start drifted by more than 3 % meanwhile\n";
  return text;
}

}  // namespace halcyon
