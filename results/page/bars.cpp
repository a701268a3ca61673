#include <algorithm>
#include <cmath>

#include "results/page/page_parts.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

constexpr double kLeastEnd = 100;  // of the axis, percent
constexpr double kMostEnd = 200;
constexpr double kStep = 25;

/// The percentage that a time gives, from the one that the median gives.
double percent_at(const Record& r, double ns) {
  return ns > 0 ? percent_reached(r) * r.statistics->median_ns / ns : 0;
}

/// Where the axis of a group ends: enough for every bar, in whole steps.
double axis_end(const Group& group) {
  double most = kLeastEnd;
  for (const Record* r : group.records)
    if (r->statistics) most = std::max(most, percent_at(*r, r->statistics->q25_ns));
  return std::min(kMostEnd, std::ceil(most / kStep) * kStep);
}

Markup grid(double end) {
  Markup lines;
  for (double at = 0; at <= end; at += kStep)
    lines += svg::line(at == 100 ? "full" : "grid", 100 * at / end, 0, 100 * at / end, 100);
  return lines;
}

Markup axis(double end) {
  Markup labels;
  for (double at = 0; at <= end; at += kStep) {
    const char* anchor = at == 0 ? "start" : at >= end ? "end" : "middle";
    labels += svg::label("tick", 100 * at / end, 100, anchor, fixed(at, 0), 0, -3);
  }
  return svg::picture("axis", "percent, 0 to " + fixed(end, 0), labels);
}

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

std::string percent_or_dash(double percent) { return percent > 0 ? percent_text(percent) : "–"; }

/// A class in the summary: its mean as a bar, every case as a stroke on it.
Markup strip(const ClassMean& mean, const Group& group, double end) {
  if (mean.failed == mean.cases)
    return svg::picture("bar", mean.kernel_class + ": no time",
                        svg::rect("failed", 0, 24, 100, 52));
  const double reached = mean.percent > 0 ? mean.percent : mean.percent_of_bound;
  Markup content = grid(end) + svg::rect(mean.percent > 0 ? "fill" : "fill bytes", 0, 24,
                                         100 * std::min(reached, end) / end, 52);
  for (const Record* r : group.records)
    if (r->statistics && !r->odd && r->kernel_class == mean.kernel_class) {
      const double at = 100 * std::min(percent_reached(*r), end) / end;
      content += svg::line("stroke", at, 24, at, 76);
    }
  return svg::picture("bar", mean.kernel_class + ": mean " + percent_text(reached), content);
}

Markup summary_row(const ClassMean& mean, const Group& group, double end) {
  std::string cases = std::to_string(mean.cases);
  if (mean.failed > 0) cases = std::to_string(mean.cases - mean.failed) + " of " + cases;
  return tag("tr", "",
             element("th", {{"scope", "row"}}, text(mean.kernel_class)) + tag("td", "n", cases) +
                 tag("td", "strip", strip(mean, group, end)) +
                 tag("td", "n strong", percent_or_dash(mean.percent)) +
                 tag("td", "n", percent_or_dash(mean.percent_of_bound)));
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

}  // namespace

Markup class_summary(const Run& run, const Group& group) {
  const std::vector<ClassMean> means = class_means(group.records);
  if (means.empty() || !group.timed()) return {};
  const double end = axis_end(group);
  Markup rows;
  for (const ClassMean& mean : means) rows += summary_row(mean, group, end);
  return tag(
      "section", "summary",
      title(run, "By class") +
          tag("p", "lead",
              "Geometric mean over the network shapes of a class; odd shapes are left out. Each "
              "stroke is a case. Of the peak by taps inside the map: padding is no work.") +
          tag("table", "summary",
              tag("thead", "",
                  tag("tr", "",
                      column_head("", "class") + column_head("n", "cases") +
                          column_head("strip", axis(end)) + column_head("n", "of peak") +
                          column_head("n", "of bound"))) +
                  tag("tbody", "", rows)));
}

Markup bars(const Run& run, const Group& group) {
  if (!run.detailed || group.records.empty() || group.counted()) return {};
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

}  // namespace halcyon::page_parts
