#include "results/page/section.h"
#include "results/text/format.h"

namespace halcyon::page_parts {
namespace {

Markup head(std::initializer_list<const char*> names) {
  Markup cells;
  for (const char* name : names) cells += column_head(name == *names.begin() ? "" : "n", name);
  return tag("thead", "", tag("tr", "", cells));
}

Markup row(const std::string& name, const std::vector<std::string>& numbers) {
  Markup cells = element("th", {{"scope", "row"}}, text(name));
  for (const std::string& number : numbers) cells += tag("td", "n", number);
  return tag("tr", "", cells);
}

std::string ratio_text(const ClassMean& mean) {
  return mean.per_least_fmla > 0 ? fixed(mean.per_least_fmla, 2) : "–";
}

Markup goals(const Run& run) {
  if (!run.document->goals) return {};
  Markup rows;
  for (const GoalReached& g : *run.document->goals)
    rows += row(g.name, {std::to_string(g.cases), fixed(g.reached, 2), fixed(g.at_most, 2),
                         g.excess() > 0 ? fixed(g.excess(), 2) + " too many" : "reached"});
  return tag("table", "summary",
             head({"goal", "cases", "median", "at most", ""}) + tag("tbody", "", rows));
}

bool applies(const GroupOfRun& g) { return !g.run.tuning() && g.group.counted(); }

Markup render(const GroupOfRun& g) {
  const auto& [run, group] = g;
  Markup rows;
  for (const ClassMean& mean : class_means(group.records))
    rows += row(mean.kernel_class, {std::to_string(mean.cases - mean.failed), ratio_text(mean)});
  return tag("section", "summary",
             title(run, "Instructions by class") +
                 tag("p", "lead",
                     "Executed instructions over the least number of vector FMAs, MACs / lanes: "
                     "the median of the network shapes of a class; odd shapes are left out. "
                     "Counted under emulation on target " +
                         group.target + "; no time, and never compared with one.") +
                 tag("table", "summary",
                     head({"class", "cases", "per least FMLA"}) + tag("tbody", "", rows)) +
                 goals(run));
}

}  // namespace

extern const GroupSection count_summary_section = {"count_summary", applies, render};

}  // namespace halcyon::page_parts
