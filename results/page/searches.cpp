#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "results/page/section.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

constexpr std::size_t kLeastFigures = 8;  // fewer are no search
constexpr double kLowest = 20;            // percent of the best at the lower edge

std::optional<double> figure_of(const Record& r) {
  if (r.statistics) return r.statistics->median_ns;
  if (r.counts) return r.counts->per_call();
  return std::nullopt;
}

/// The points of a recipe's space that were tried for one problem, in the order of the document.
struct Search {
  std::string problem;
  std::vector<const Record*> trials;
  double best = 0;
  std::size_t found_at = 0;  // trial, from 0
};

std::vector<Search> searches_of(const Group& group) {
  std::vector<Search> all;
  for (const Record* r : group.records) {
    if (r->point.empty()) continue;
    auto found = std::find_if(all.begin(), all.end(),
                              [&](const Search& s) { return s.problem == r->problem; });
    if (found == all.end()) found = all.insert(found, Search{r->problem, {}, 0, 0});
    const auto figure = figure_of(*r);
    if (figure && (found->best == 0 || *figure < found->best)) {
      found->best = *figure;
      found->found_at = found->trials.size();
    }
    found->trials.push_back(r);
  }
  std::erase_if(all, [](const Search& s) {
    return static_cast<std::size_t>(std::count_if(s.trials.begin(), s.trials.end(), [](auto* r) {
             return figure_of(*r).has_value();
           })) < kLeastFigures;
  });
  return all;
}

/// Height of a figure in a scatter.
double y_of(double figure, double best) { return svg::share_y(100 * best / figure, kLowest); }

/// Every trial a dot, what had been found by then a line.
Markup curve(const Search& s) {
  const auto x_of = [&](std::size_t trial) {
    return 1 + 98 * static_cast<double>(trial) / static_cast<double>(s.trials.size() - 1);
  };
  std::vector<svg::Dot> tried, without, line;
  double best = 0;
  for (std::size_t i = 0; i < s.trials.size(); ++i) {
    const auto figure = figure_of(*s.trials[i]);
    if (!figure) {
      without.push_back({x_of(i), 99});
      continue;
    }
    tried.push_back({x_of(i), y_of(*figure, s.best)});
    if (best > 0 && *figure >= best) continue;
    line.push_back(tried.back());
    best = *figure;
  }
  return svg::scatter(
      "search", s.problem + ": best so far by trial",
      svg::dots("rejected", without) + svg::dots("accepted", tried) + svg::steps("best", line, 99));
}

/// A knob's values side by side; within one, trials from left to right.
Markup knob(const Search& s, const std::string& name) {
  std::set<int> values;
  for (const Record* r : s.trials)
    if (const auto found = r->point.find(name); found != r->point.end())
      values.insert(found->second);
  const double width = 100 / static_cast<double>(values.size());
  std::vector<svg::Dot> tried;
  for (std::size_t i = 0; i < s.trials.size(); ++i) {
    const auto figure = figure_of(*s.trials[i]);
    const auto found = s.trials[i]->point.find(name);
    if (!figure || found == s.trials[i]->point.end()) continue;
    const auto column =
        static_cast<double>(std::distance(values.begin(), values.find(found->second)));
    const double within = static_cast<double>(i) / static_cast<double>(s.trials.size());
    tried.push_back({width * (column + 0.15 + 0.7 * within), y_of(*figure, s.best)});
  }
  Markup labels;
  for (int value : values) labels += tag("span", "", std::to_string(value));
  return tag("figure", "knob",
             svg::scatter("search", name + ": cost by value", svg::dots("accepted", tried)) +
                 tag("div", "values", labels) + tag("figcaption", "", name));
}

Markup one(const Run& run, const Search& s, FigureUnit unit) {
  const Record& best = *s.trials[s.found_at];
  std::string point;
  for (const auto& [name, value] : best.point)
    point += (point.empty() ? "" : " ") + name + "=" + std::to_string(value);
  Markup knobs;
  for (const auto& entry : best.point) knobs += knob(s, entry.first);
  return element(
      "details", {{"class", "search"}},
      tag("summary", "",
          tag("code", "", s.problem) +
              text(" " + figure_text(s.best, unit) + " at trial " + std::to_string(s.found_at + 1) +
                   " of " + std::to_string(s.trials.size()))) +
          tag("p", "lead", to_record(run, best, text("Best point: " + point))) +
          tag("figure", "curve",
              curve(s) +
                  tag("figcaption", "", "trials in their order; the line is the best so far")) +
          tag("div", "knobs", knobs));
}

bool applies(const GroupOfRun& g) { return !searches_of(g.group).empty(); }

Markup render(const GroupOfRun& g) {
  const auto& [run, group] = g;
  Markup all;
  for (const Search& s : searches_of(group)) all += one(run, s, group.unit);
  return tag("section", "searches",
             title(run, "Spaces of schedules") +
                 tag("p", "lead",
                     "The points of a recipe's space that were tried for a problem. A dot is a "
                     "trial: at the upper edge as good as the best, at the lower edge at " +
                         fixed(kLowest, 0) +
                         " % of it or less; at the very bottom those without a figure. Open a "
                         "problem for its curve and for the cost by each knob's values.") +
                 all);
}

}  // namespace

extern const GroupSection searches_section = {"searches", applies, render};

}  // namespace halcyon::page_parts
