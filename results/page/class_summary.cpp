#include <algorithm>

#include "results/page/percent_axis.h"
#include "results/page/section.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

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

bool applies(const GroupOfRun& g) {
  return !g.run.tuning() && g.group.timed() && !class_means(g.group.records).empty();
}

Markup render(const GroupOfRun& g) {
  const Group& group = g.group;
  const double end = axis_end(group);
  Markup rows;
  for (const ClassMean& mean : class_means(group.records)) rows += summary_row(mean, group, end);
  return tag(
      "section", "summary",
      title(g.run, "By class") +
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

}  // namespace

extern const GroupSection class_summary_section = {"class_summary", applies, render};

}  // namespace halcyon::page_parts
