#include <algorithm>
#include <cmath>
#include <map>

#include "results/page/page_parts.h"
#include "results/page/replay_parts.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

constexpr double kLeastTop = 2;  // of the axis of figures, times the optimum

/// The figures in order, as multiples of the optimum, and where the start is among them.
Markup in_order(const ReplayedSpace& s) {
  std::vector<double> ratios;
  for (const auto& p : s.points)
    if (p.figure) ratios.push_back(*p.figure / s.optimum);
  std::sort(ratios.begin(), ratios.end());
  const svg::LogAxis axis(1, std::max(kLeastTop, ratios.back()));
  const auto x_of = [&](std::size_t rank) {
    return 100 * static_cast<double>(rank) / static_cast<double>(s.points.size());
  };
  const auto y_of = [&](double ratio) { return 100 - axis.percent(ratio); };
  std::vector<svg::Dot> line;
  for (std::size_t i = 0; i < ratios.size(); ++i) line.push_back({x_of(i), y_of(ratios[i])});
  Markup grid;
  for (double tick : axis.ticks())
    grid += svg::line("grid", 0, y_of(tick), 100, y_of(tick)) +
            svg::label("tick", 0, y_of(tick), "end", significant(tick, 3) + "×", -6, 4);
  const double start = start_ratio(s);
  const auto rank = static_cast<std::size_t>(std::lower_bound(ratios.begin(), ratios.end(), start) -
                                             ratios.begin());
  const bool left = x_of(rank) < 50;
  const Markup mark =
      svg::mark("mark family-dw", "diamond", x_of(rank), y_of(start)) +
      svg::label("name", x_of(rank), y_of(start), left ? "start" : "end",
                 "the start, " + fixed(start, 2) + "×", left ? 8 : -10, left ? 15 : -8);
  Markup none;
  if (ratios.size() < s.points.size())
    none = svg::rect("failed", x_of(ratios.size()), 0, 100 - x_of(ratios.size()), 100);
  return tag(
      "figure", "sorted",
      tag("figcaption", "subtitle", "All points in order") +
          svg::picture("reach",
                       "figures over the least one, in order; the start is number " +
                           std::to_string(rank + 1) + " of " + std::to_string(s.points.size()),
                       none + grid +
                           svg::scatter("curves", "in order",
                                        svg::steps("best", line, x_of(ratios.size()))) +
                           mark) +
          tag("p", "lead",
              "Figure over the least one, best first: the start is number " +
                  std::to_string(rank + 1) + " of " + std::to_string(s.points.size()) +
                  (none.empty() ? "." : "; hatched: points without a figure.")));
}

/// The least figure for each value of a knob.
std::map<int, double> best_by_value(const ReplayedSpace& s, std::size_t knob) {
  std::map<int, double> best;
  for (const auto& p : s.points) {
    if (!p.figure) continue;
    const auto [at, added] = best.emplace(p.values[knob], *p.figure);
    if (!added) at->second = std::min(at->second, *p.figure);
  }
  return best;
}

/// A knob, and how much worse than its best value its worst one is when all else is chosen well.
struct Spread {
  std::size_t knob = 0;
  double ratio = 1;
};
std::vector<Spread> spreads_of(const ReplayedSpace& s) {
  std::vector<Spread> spreads;
  for (std::size_t k = 0; k < s.knobs.size(); ++k) {
    const auto best = best_by_value(s, k);
    if (best.size() < 2) continue;
    double low = INFINITY, high = 0;
    for (const auto& [value, figure] : best)
      low = std::min(low, figure), high = std::max(high, figure);
    spreads.push_back({k, high / low});
  }
  std::stable_sort(spreads.begin(), spreads.end(),
                   [](const Spread& a, const Spread& b) { return a.ratio > b.ratio; });
  return spreads;
}

/// One pair of values: whether any point has it, and the least figure of those that do.
struct Cell {
  std::optional<double> figure;
  bool holds_start = false;
};

Markup cell_of(const std::map<std::pair<int, int>, Cell>& cells, std::pair<int, int> at,
               double optimum) {
  const auto found = cells.find(at);
  if (found == cells.end()) return tag("td", "n", "");
  const Cell& cell = found->second;
  const std::string mark = cell.holds_start ? " start" : "";
  if (!cell.figure) return tag("td", "n none" + mark, "–");
  const double share = 100 * optimum / *cell.figure;
  const int whole = static_cast<int>(share + 1e-9);  // rounded down: 100 is the optimum alone
  return tag("td", "n heat-" + std::to_string(whole / 10) + mark, std::to_string(whole));
}

/// A row for each value of one knob, a column for each of another.
Markup heat_map(const ReplayedSpace& s, std::size_t down, std::size_t across) {
  std::map<std::pair<int, int>, Cell> cells;
  std::map<int, bool> rows, columns;  // values in order
  for (std::size_t i = 0; i < s.points.size(); ++i) {
    const auto& p = s.points[i];
    const std::pair<int, int> at = {p.values[down], p.values[across]};
    rows[at.first] = columns[at.second] = true;
    Cell& cell = cells[at];
    cell.holds_start |= i == s.start;
    if (p.figure) cell.figure = std::min(cell.figure.value_or(*p.figure), *p.figure);
  }
  Markup head = column_head("", s.knobs[down] + " ╲ " + s.knobs[across]), body;
  for (const auto& [value, there] : columns) head += column_head("n", std::to_string(value));
  for (const auto& [row, there] : rows) {
    Markup line = element("th", {{"scope", "row"}}, text(std::to_string(row)));
    for (const auto& [column, known] : columns) line += cell_of(cells, {row, column}, s.optimum);
    body += tag("tr", "", line);
  }
  return tag("div", "scroll",
             tag("table", "heat", tag("thead", "", tag("tr", "", head)) + tag("tbody", "", body)));
}

Markup knobs(const ReplayedSpace& s) {
  const std::vector<Spread> spreads = spreads_of(s);
  if (spreads.empty()) return {};
  std::string words = "What the worst value of a knob costs beside its best, all else chosen well:";
  for (const Spread& spread : spreads)
    words += (&spread == &spreads.front() ? " " : ", ") + s.knobs[spread.knob] + " " +
             fixed(spread.ratio, 2) + "×";
  Markup body = tag("figcaption", "subtitle", "The knobs that matter most");
  if (spreads.size() > 1)
    body +=
        heat_map(s, spreads[0].knob, spreads[1].knob) +
        tag("p", "lead",
            "Percent of the optimum that the best point with both values reaches, rounded down; "
            "framed: the start's; empty: no point has both; a dash: none of them has a figure.");
  return tag("figure", "knobs-that-matter", body + tag("p", "lead", words + "."));
}

}  // namespace

Markup space_pictures(const ReplayedSpace& s) {
  return tag("div", "space", in_order(s) + knobs(s));
}

}  // namespace halcyon::page_parts
