#include <algorithm>

#include "results/figures/network_summary.h"
#include "results/page/page_parts.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

struct Segment {
  std::string css_class, name;
  double ns = 0;
};

/// Arithmetic at the peak rate, then the causes of the rest.
std::vector<Segment> segments_of(const NetworkPart& p) {
  std::vector<Segment> all = {{"gap-arithmetic", "arithmetic", p.ns - p.loss_ns()}};
  for (const char* cause : kLossCauses) {
    all.push_back({std::string("gap-") + cause, cause, 0});
    for (const TimeLoss& g : p.losses)
      if (g.cause == cause) all.back().ns += g.ns;
  }
  return all;
}

/// As long as the part's time, of which `most_ns` is the longest.
Markup stacked_bar(const NetworkPart& p, double most_ns) {
  Markup content;
  double x = 0;
  for (const Segment& s : segments_of(p)) {
    if (!(s.ns > 0)) continue;
    const double width = 100 * s.ns / most_ns;
    content += tag("g", "",
                   tag("title", "",
                       s.name + ": " + figure_text(s.ns, "ns") + ", " +
                           percent_text(100 * s.ns / p.ns) + " of " + p.name) +
                       svg::rect(s.css_class, x, 18, width, 64));
    x += width;
  }
  return tag("td", "strip",
             svg::picture("bar", p.name + ": the numbers are beside the bar", content));
}

Markup row(const NetworkPart& p, double run_ns, double most_ns) {
  const auto cell = [&](double ns) { return number_cell(ns, percent_text(100 * ns / run_ns)); };
  Markup cells = element("th", {{"scope", "row"}}, text(p.name)) + cell(p.ns) +
                 (p.ns > most_ns ? tag("td", "strip", "") : stacked_bar(p, most_ns)) +
                 cell(p.loss_ns());
  for (const Segment& s : segments_of(p))
    if (s.name != "arithmetic") cells += cell(s.ns);
  return tag("tr", "", cells);
}

Markup legend(const NetworkPart& whole) {
  Markup entries;
  for (const Segment& s : segments_of(whole))
    entries += legend_entry(svg::rect(s.css_class, 0, 20, 100, 60), s.name.c_str());
  return tag("ul", "legend", entries);
}

}  // namespace

Markup losses(const NetworkRecord& r) {
  const NetworkPart whole = whole_of(r);
  const auto stages = stages_of(r);
  double most = 0;
  for (const NetworkPart& p : stages) most = std::max(most, p.ns);
  Markup head = column_head("", "stage") + column_head("n", "share") + column_head("strip", "") +
                column_head("n", "gap");
  for (const char* cause : kLossCauses) head += column_head("n", cause);
  Markup rows;
  for (const NetworkPart& p : stages) rows += row(p, whole.ns, most);
  if (stages.size() > 1) rows += row(whole, whole.ns, most);
  return tag("p", "lead",
             "Percent of the run. The gap is the time beyond the multiply-adds at the peak rate: "
             "the runner's own call, lanes and points computed for nothing, activations, memory "
             "that this does not hide; other is what none of them explains.") +
         legend(whole) +
         tag("div", "scroll",
             tag("table", "gaps", tag("thead", "", tag("tr", "", head)) + tag("tbody", "", rows)));
}

}  // namespace halcyon::page_parts
