#include "results/figures/replayed.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "results/record/stats.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

using nlohmann::json;

std::vector<std::string> row_of(const std::string& name, const TrialsTo& to95, const TrialsTo& to99,
                                std::size_t most) {
  const auto trials = [most](double count) {
    return count > static_cast<double>(most) ? "over " + std::to_string(most) : fixed(count, 0);
  };
  return {name, trials(to95.median), trials(to95.p90), trials(to99.median), trials(to99.p90)};
}

std::vector<std::string> heading(const std::string& second) {
  return {"strategy", "95 %, median", "95 %, " + second, "99 %, median", "99 %, " + second};
}

}  // namespace

double start_ratio(const ReplayedSpace& s) { return *s.points[s.start].figure / s.optimum; }

std::size_t without_figure(const ReplayedSpace& s) {
  return static_cast<std::size_t>(
      std::count_if(s.points.begin(), s.points.end(), [](const auto& p) { return !p.figure; }));
}

std::string space_text(const ReplayedSpace& s) {
  return "on " + s.target + ": " + std::to_string(s.points.size()) + " points, " +
         std::to_string(without_figure(s)) + " without a figure; the start takes " +
         fixed(start_ratio(s), 2) + " of the least " + s.unit;
}

ReplayRows replay_rows(const ReplayedSpace& s) {
  ReplayRows rows = {heading("90th percentile")};
  for (const Replayed& r : s.by_strategy)
    rows.push_back(row_of(r.strategy, r.to95, r.to99, s.most_trials));
  return rows;
}

ReplayRows replay_rows(const std::vector<ReplayedSpace>& spaces) {
  ReplayRows rows = {heading("greatest")};
  const auto over_spaces = [&](std::size_t strategy, TrialsTo Replayed::*to) {
    std::vector<double> medians;
    medians.reserve(spaces.size());
    for (const auto& s : spaces) medians.push_back((s.by_strategy[strategy].*to).median);
    return TrialsTo{median(medians), *std::max_element(medians.begin(), medians.end())};
  };
  for (std::size_t i = 0; i < spaces.front().by_strategy.size(); i++)
    rows.push_back(row_of(spaces.front().by_strategy[i].strategy, over_spaces(i, &Replayed::to95),
                          over_spaces(i, &Replayed::to99), spaces.front().most_trials));
  return rows;
}

json replay_json(const std::vector<ReplayedSpace>& spaces) {
  json array = json::array();
  for (const auto& s : spaces) {
    json strategies;
    for (const Replayed& r : s.by_strategy)
      strategies[r.strategy] = {{"trials_to_95_median", r.to95.median},
                                {"trials_to_95_p90", r.to95.p90},
                                {"trials_to_99_median", r.to99.median},
                                {"trials_to_99_p90", r.to99.p90}};
    array.push_back({{"problem", s.problem},
                     {"target", s.target},
                     {"unit", s.unit},
                     {"points", s.points.size()},
                     {"without_figure", without_figure(s)},
                     {"start_over_optimum", start_ratio(s)},
                     {"most_trials", s.most_trials},
                     {"strategies", strategies}});
  }
  return array;
}

}  // namespace halcyon
