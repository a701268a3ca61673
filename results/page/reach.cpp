#include <algorithm>

#include "results/page/page_parts.h"
#include "results/page/replay_parts.h"
#include "results/record/stats.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

constexpr double kLowest = 50;  // percent of the optimum at the lower edge

double y_of(double percent) { return svg::share_y(percent, kLowest); }

/// The longest that any seed of any strategy took.
std::size_t most_trials(const ReplayedSpace& s) {
  std::size_t most = 2;
  for (const Replayed& r : s.by_strategy)
    for (const auto& seed : r.reached) most = std::max(most, seed.size());
  return most;
}

/// What the seeds had reached by each trial, at one of their quantiles.
std::vector<svg::Dot> line_of(const Replayed& r, double quantile_of_seeds,
                              const svg::LogAxis& trials) {
  std::vector<svg::Dot> line;
  for (std::size_t trial = 1; static_cast<double>(trial) <= trials.high(); ++trial) {
    std::vector<double> reached;
    for (const auto& seed : r.reached)
      if (!seed.empty()) reached.push_back(seed[std::min(trial, seed.size()) - 1]);
    if (reached.empty()) break;
    line.push_back({trials.percent(static_cast<double>(trial)),
                    y_of(quantile(std::move(reached), quantile_of_seeds))});
  }
  return line;
}

Markup grid(const svg::LogAxis& trials) {
  Markup out;
  for (double tick : trials.ticks())
    out += svg::line("grid", trials.percent(tick), 0, trials.percent(tick), 100) +
           svg::label("tick", trials.percent(tick), 100, "middle", fixed(tick, 0), 0, 14);
  for (double percent : {50.0, 75.0, 95.0, 99.0})
    out += svg::line(percent > 90 ? "full" : "grid", 0, y_of(percent), 100, y_of(percent)) +
           svg::label("tick", 0, y_of(percent), "end", fixed(percent, 0), -6, 4);
  return out;
}

/// One strategy in front of the medians of the others.
Markup reach(const ReplayedSpace& s, const Replayed& own, const svg::LogAxis& trials) {
  Markup others;
  for (const Replayed& r : s.by_strategy)
    if (&r != &own) others += svg::steps("other", line_of(r, 0.5, trials), 100);
  const auto median_line = line_of(own, 0.5, trials);
  const Markup curves =
      svg::band("band", line_of(own, 0.9, trials), line_of(own, 0.1, trials), 100) + others +
      svg::steps("best", median_line, 100);
  const std::string label = own.strategy + ": share of the optimum by trial, 95 % after " +
                            fixed(own.to95.median, 0) + " and 99 % after " +
                            fixed(own.to99.median, 0) + " in the median";
  return tag("figure", "reach",
             tag("figcaption", "subtitle", own.strategy) +
                 svg::picture("reach", label,
                              grid(trials) + svg::scatter("curves", own.strategy, curves)));
}

}  // namespace

Markup reaches(const ReplayedSpace& s) {
  const svg::LogAxis trials(1, static_cast<double>(most_trials(s)));
  Markup all;
  for (const Replayed& r : s.by_strategy) all += reach(s, r, trials);
  return tag("div", "reaches", all);
}

}  // namespace halcyon::page_parts
