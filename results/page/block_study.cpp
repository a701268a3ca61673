#include <algorithm>
#include <map>

#include "results/page/section.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

constexpr const char* kSuite = "block-study";

/// Blocks of one run on one target, caches warm: a column of the study.
struct Column {
  const Run* run = nullptr;
  std::string target;
  FigureUnit unit = FigureUnit::ns;
  std::map<std::string, const Record*> by_problem;
};

std::vector<Column> columns_of(const std::vector<Run>& runs) {
  std::vector<Column> columns;
  for (const Run& run : runs) {
    for (const Group& group : groups_of(*run.document)) {
      Column column{&run, group.target, group.unit, {}};
      for (const Record* r : group.records)
        if (r->suite == kSuite && r->state == CacheState::warm && r->macs > 0)
          column.by_problem.emplace(r->problem, r);
      if (!column.by_problem.empty()) columns.push_back(std::move(column));
    }
  }
  return columns;
}

/// Where a block stands: its input's map and width, the part of a problem before its first op.
std::string place_of(const Record& r) { return r.problem.substr(0, r.problem.find(" |")); }

/// What a MAC costs: ps, or instructions; 0 without a figure.
double cost(const Record& r) {
  const double macs = static_cast<double>(r.macs);
  if (r.statistics) return 1000 * r.statistics->median_ns / macs;
  return r.counts ? r.counts->per_call() / macs : 0;
}

Markup cells_of(const Column& column, const Record* r, double most) {
  if (!r)
    return tag("td", "n none", "–") + tag("td", "n none", "–") + tag("td", "strip", "") +
           tag("td", "n none", "–");
  const double value = cost(*r);
  if (!(value > 0))
    return tag("td", "n", to_record(*column.run, *r, chip(r->outcome))) + tag("td", "n none", "–") +
           tag("td", "strip", "") + tag("td", "n none", "–");
  const bool timed = r->statistics.has_value();
  const std::string whole =
      timed ? figure_text(r->statistics->median_ns, "ns") : count_text(r->counts->per_call());
  const std::string use = timed ? percent_text(r->statistics->percent_of_peak)
                                : fixed(r->counts->per_least_fmla(r->macs), 2);
  return tag("td", "n", to_record(*column.run, *r, text(whole))) +
         tag("td", "n strong", significant(value, 3)) +
         tag("td", "strip",
             svg::picture("bar", r->case_id + ": " + significant(value, 3) + " a MAC",
                          svg::rect(std::string("call ") + family_of(r->problem).css_class, 0, 24,
                                    100 * value / most, 52))) +
         tag("td", "n", use);
}

Markup table_of(const std::string& place, const std::vector<const Record*>& blocks,
                const std::vector<Column>& columns) {
  Markup groups = element("th", {{"scope", "col"}}, text("")), head = column_head("", "block");
  std::vector<double> most;
  for (const Column& c : columns) {
    const bool timed = c.unit == FigureUnit::ns;
    const std::string on = timed ? " on " + cpu_text(c.run->document->machine) : "";
    groups += element(
        "th", {{"scope", "colgroup"}, {"colspan", "4"}},
        (c.run->alone ? Markup() : tag("b", "letter", c.run->letter)) + text(c.target + on));
    head += column_head("n", timed ? "time" : "instructions") +
            column_head("n", timed ? "ps a MAC" : "a MAC") + column_head("strip", "") +
            column_head("n", timed ? "of peak" : "per least FMLA");
    double largest = 0;
    for (const Record* b : blocks)
      if (const auto found = c.by_problem.find(b->problem); found != c.by_problem.end())
        largest = std::max(largest, cost(*found->second));
    most.push_back(largest);
  }
  Markup rows;
  for (const Record* b : blocks) {
    Markup cells = element("th", {{"scope", "row"}},
                           text(b->kernel_class) + tag("code", "", b->problem) +
                               tag("span", "class", b->source_of_case));
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto found = columns[i].by_problem.find(b->problem);
      cells += cells_of(columns[i], found == columns[i].by_problem.end() ? nullptr : found->second,
                        most[i]);
    }
    rows += tag("tr", "", cells);
  }
  return tag("div", "scroll",
             tag("table", "blocks",
                 tag("caption", "", "Input " + place + ", NHWC") +
                     tag("thead", "", tag("tr", "", groups) + tag("tr", "", head)) +
                     tag("tbody", "", rows)));
}

bool applies(const std::vector<Run>& runs) { return !columns_of(runs).empty(); }

Markup render(const std::vector<Run>& runs) {
  const std::vector<Column> columns = columns_of(runs);
  std::vector<std::string> places;
  std::map<std::string, std::vector<const Record*>> by_place;  // each problem once
  for (const Run& run : runs)
    for (const Record& r : run.document->records) {
      if (r.suite != kSuite || !r.rival.empty() || r.macs <= 0) continue;
      auto& blocks = by_place[place_of(r)];
      if (blocks.empty()) places.push_back(place_of(r));
      if (std::none_of(blocks.begin(), blocks.end(),
                       [&](const Record* b) { return b->problem == r.problem; }))
        blocks.push_back(&r);
    }
  Markup tables;
  for (const std::string& place : places) tables += table_of(place, by_place[place], columns);
  return tag(
      "section", "blocks",
      tag("h2", "title", "Blocks at equal width and map") +
          tag("p", "lead",
              "What one multiply-accumulate costs in each block; the bars of a column are to "
              "one scale within a table. Blocks of fewer MACs may cost more a MAC and less "
              "as a whole: both stand here. Time is of the machine that it was measured "
              "on, instructions are of the emulated target; they share no scale.") +
          tables);
}

}  // namespace

extern const PageSection block_study_section = {"block_study", applies, render};

}  // namespace halcyon::page_parts
