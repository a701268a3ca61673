#include <algorithm>
#include <nlohmann/json.hpp>

#include "autotune/replay.h"
#include "results/columns.h"
#include "results/format.h"
#include "results/stats.h"

namespace halcyon {
namespace {

using nlohmann::json;

std::string trials_text(double trials) {
  return trials > kMostReplayed ? "over " + std::to_string(kMostReplayed) : fixed(trials, 0);
}

std::vector<std::string> row_of(const std::string& name, const TrialsTo& to95,
                                const TrialsTo& to99) {
  return {name, trials_text(to95.median), trials_text(to95.p90), trials_text(to99.median),
          trials_text(to99.p90)};
}

std::vector<std::string> heading(const std::string& second) {
  return {"strategy", "95 %, median", "95 %, " + second, "99 %, median", "99 %, " + second};
}

std::size_t failed_of(const MeasuredSpace& m) {
  return static_cast<std::size_t>(std::count(m.figures.begin(), m.figures.end(), std::nullopt));
}

/// The start's cost over the optimum's.
double start_ratio(const MeasuredSpace& m) { return *m.figures[m.space.start()] / m.optimum(); }

std::string space_text(const ReplayedSpace& s) {
  const MeasuredSpace& m = s.measured;
  std::string text = m.problem + "  on " + m.target + ": " + std::to_string(m.space.size()) +
                     " points, " + std::to_string(failed_of(m)) +
                     " without a figure; the start takes " + fixed(start_ratio(m), 2) +
                     " of the least " + m.unit + "\n";
  std::vector<std::vector<std::string>> rows = {heading("90th percentile")};
  for (const Replayed& r : s.by_strategy) rows.push_back(row_of(r.strategy, r.to95, r.to99));
  return text + columns(rows);
}

/// Medians of the spaces' medians, and the greatest of them.
std::string all_text(const std::vector<ReplayedSpace>& spaces) {
  std::vector<std::vector<std::string>> rows = {heading("greatest")};
  const auto over_spaces = [&](std::size_t strategy, TrialsTo Replayed::*to) {
    std::vector<double> medians;
    for (const auto& s : spaces) medians.push_back((s.by_strategy[strategy].*to).median);
    return TrialsTo{median(medians), *std::max_element(medians.begin(), medians.end())};
  };
  for (std::size_t i = 0; i < spaces.front().by_strategy.size(); i++)
    rows.push_back(row_of(spaces.front().by_strategy[i].strategy, over_spaces(i, &Replayed::to95),
                          over_spaces(i, &Replayed::to99)));
  return "medians of all " + std::to_string(spaces.size()) + " spaces\n" + columns(rows);
}

}  // namespace

std::string replay_table(const std::vector<ReplayedSpace>& spaces) {
  std::string text = "trials to come within a share of the optimum, over 20 seeds\n";
  for (const auto& s : spaces) text += "\n" + space_text(s);
  return spaces.size() > 1 ? text + "\n" + all_text(spaces) : text;
}

json replay_json(const std::vector<ReplayedSpace>& spaces) {
  json array = json::array();
  for (const auto& s : spaces) {
    const MeasuredSpace& m = s.measured;
    json strategies;
    for (const Replayed& r : s.by_strategy)
      strategies[r.strategy] = {{"trials_to_95_median", r.to95.median},
                                {"trials_to_95_p90", r.to95.p90},
                                {"trials_to_99_median", r.to99.median},
                                {"trials_to_99_p90", r.to99.p90}};
    array.push_back({{"problem", m.problem},
                     {"target", m.target},
                     {"unit", m.unit},
                     {"points", m.space.size()},
                     {"without_figure", failed_of(m)},
                     {"start_over_optimum", start_ratio(m)},
                     {"most_trials", kMostReplayed},
                     {"strategies", strategies}});
  }
  return array;
}

}  // namespace halcyon
