#include <algorithm>

#include "results/page/percent_axis.h"
#include "results/page/section.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

/// Bar to the median, whisker on to the faster quartile, a caret where memory alone sets the limit.
Markup bar(const Record& r, double end) {
  const auto x = [end](double percent) { return 100 * std::min(percent, end) / end; };
  const double reached = percent_reached(r);
  const double faster = percent_at(r, r.statistics->q25_ns);
  const bool peak = counts_arithmetic(r);
  Markup content = grid(end) + svg::rect(peak ? "fill" : "fill bytes", 0, 24, x(reached), 52);
  content += svg::line("whisker", x(reached), 50, x(faster), 50) +
             svg::line("whisker", x(faster), 30, x(faster), 70);
  std::string label = r.case_id + ": " + percent_text(reached) +
                      (peak ? " of peak" : " of the bandwidth bound") + ", faster quartile " +
                      percent_text(faster);
  if (peak && r.bound && r.bound->limited_by == "memory" && bound_ns(r) > 0) {
    const double limit = percent_at(r, bound_ns(r));
    label += ", memory limits it to " + percent_text(limit);
    if (limit < end) content += svg::mark("limit", "caret", x(limit), 50);
  }
  return svg::picture("bar", label, content);
}

Markup failed_bar(const Record& r, double end) {
  return svg::picture("bar", r.case_id + ": no time, " + std::string(to_text(r.outcome)),
                      grid(end) + svg::rect("failed", 0, 24, 100, 52));
}

Markup row(const Run& run, const Record& r, double end) {
  const Markup picture = r.statistics ? bar(r, end)
                         : r.outcome == Outcome::ok
                             ? svg::picture("bar", r.case_id + ": checked, not timed", grid(end))
                             : failed_bar(r, end);
  const Markup value =
      r.statistics ? tag("span", "", percent_text(percent_reached(r))) : chip(r.outcome);
  const Markup name = to_record(run, r, text(r.case_id));
  return element(
      "li",
      {{"class", r.statistics ? "timed" : "untimed"},
       {"data-for", anchor(run, r)},
       {"title", r.problem}},
      tag("span", r.odd ? "name odd" : "name", name) + picture + tag("span", "value", value));
}

std::vector<std::string> classes_of(const Group& group) {
  std::vector<std::string> classes;
  for (const Record* r : group.records)
    if (std::find(classes.begin(), classes.end(), r->kernel_class) == classes.end())
      classes.push_back(r->kernel_class);
  return classes;
}

Markup legend() {
  return tag(
      "ul", "legend",
      legend_entry(svg::rect("fill", 0, 20, 100, 60),
                   "percent of the FMA peak, at the median time") +
          legend_entry(svg::rect("fill bytes", 0, 20, 100, 60),
                       "no arithmetic counted: percent of the bound that measured bandwidth sets") +
          legend_entry(
              svg::line("whisker", 0, 50, 100, 50) + svg::line("whisker", 100, 25, 100, 75),
              "median to faster quartile") +
          legend_entry(svg::mark("limit", "caret", 50, 50),
                       "memory bound: what bandwidth alone allows") +
          legend_entry(svg::rect("failed", 0, 20, 100, 60), "no time: see outcome"));
}

bool applies(const GroupOfRun& g) {
  return !g.run.tuning() && g.run.detailed && !g.group.records.empty() && !g.group.counted();
}

Markup render(const GroupOfRun& g) {
  const auto& [run, group] = g;
  const double end = axis_end(group);
  Markup classes;
  for (const std::string& name : classes_of(group)) {
    Markup rows;
    for (const Record* r : group.records)
      if (r->kernel_class == name) rows += row(run, *r, end);
    classes +=
        tag("div", "group",
            tag("div", "row head", subtitle(run, name) + axis(end) + tag("span", "value", "%")) +
                tag("ol", "bars", rows));
  }
  return tag("section", "chart",
             title(run, "Case by case") + legend() + tag("div", "classes", classes));
}

}  // namespace

extern const GroupSection bars_section = {"bars", applies, render};

}  // namespace halcyon::page_parts
