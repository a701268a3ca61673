#include <algorithm>
#include <map>
#include <optional>

#include "kernels/error.h"
#include "results/comparison/show.h"
#include "results/page/section.h"
#include "results/text/format.h"

namespace halcyon::page_parts {
namespace {

/// Times may stand side by side when all of this is the same; other machines, targets and units get
/// a table of their own.
std::string column_key(const Document& d, const Group& g) {
  return cpu_text(d.machine) + ", target " + g.target + ", " + plural(g.threads, "thread") + ", " +
         to_text(g.state) + " caches, " + to_text(g.unit);
}

struct Column {
  const Run* run;
  std::map<std::string, const Record*> by_problem;
};
struct Comparison {
  std::string title;
  const Document* only;  // the one that it is of; null when others may join it
  std::vector<Column> columns;
  std::vector<std::string> problems;  // in order of first appearance
};

std::vector<Comparison> comparisons_of(const std::vector<Run>& runs) {
  std::vector<Comparison> all;
  for (const Run& run : runs) {
    for (const Group& group : groups_of(*run.document)) {
      const std::string key = column_key(*run.document, group);
      const Document* only = cpu_id(run.document->machine).known() ? nullptr : run.document;
      auto found = std::find_if(all.begin(), all.end(), [&](const Comparison& c) {
        return c.title == key && c.only == only;
      });
      if (found == all.end()) found = all.insert(found, Comparison{key, only, {}, {}});
      Column column{&run, {}};
      for (const Record* r : group.records) {
        if (!column.by_problem.emplace(r->problem, r).second) continue;
        auto& problems = found->problems;
        if (std::find(problems.begin(), problems.end(), r->problem) == problems.end())
          problems.push_back(r->problem);
      }
      found->columns.push_back(std::move(column));
    }
  }
  return all;
}

/// What became of the cases from the first column's run to the last one's; none where they have no
/// case in common.
std::optional<RunComparison> verdicts_of(const Comparison& c) {
  try {
    return compare_runs(*c.columns.front().run->document, *c.columns.back().run->document, false);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// The rows of a table's cases, by problem.
std::map<std::string, const Compared*> rows_of(const std::optional<RunComparison>& verdicts,
                                               const Record& like) {
  std::map<std::string, const Compared*> rows;
  if (!verdicts) return rows;
  for (const Compared& row : verdicts->rows)
    if (!row.network && row.ratio && row.target == like.target && row.state == like.state &&
        row.threads == like.threads && row.unit == like.unit)
      rows.emplace(row.problem, &row);
  return rows;
}

Markup change_cell(const Compared* row) {
  if (!row) return tag("td", "n none", "–");
  const double ratio = row->ratio->estimate;
  const char* word = row->change == Change::regressed  ? "slower"
                     : row->change == Change::improved ? "faster"
                                                       : to_text(row->change);
  const char* sign = row->change == Change::regressed  ? "▼ "
                     : row->change == Change::improved ? "▲ "
                                                       : "≈ ";
  return element("td",
                 {{"class", std::string("n change ") + word},
                  {"data-v", significant(ratio, 12)},
                  {"title", change_text(*row->ratio)}},
                 text(sign + significant(ratio, 3) + "× " + word));
}

Markup time_cell(const Run& run, const Record* r) {
  if (!r) return tag("td", "n none", "–");
  if (!r->statistics) return tag("td", "n", to_record(run, *r, chip(r->outcome)));
  const std::string share = percent_reached(*r) > 0 ? percent_text(percent_reached(*r)) : "";
  return element("td", {{"class", "n"}, {"data-v", significant(r->statistics->median_ns, 12)}},
                 to_record(run, *r, text(figure_text(r->statistics->median_ns, r->unit))) +
                     tag("span", "share", share));
}

Markup row(const Comparison& c, const Compared* verdict, const std::string& problem) {
  Markup cells = element("th", {{"scope", "row"}}, tag("code", "", problem));
  const Record *first = nullptr, *last = nullptr;
  for (const Column& column : c.columns) {
    const auto found = column.by_problem.find(problem);
    const Record* r = found == column.by_problem.end() ? nullptr : found->second;
    cells += time_cell(*column.run, r);
    if (&column == &c.columns.front()) first = r;
    if (&column == &c.columns.back()) last = r;
  }
  const bool both = first && last && first->statistics && last->statistics;
  return tag("tr", "", cells + change_cell(both ? verdict : nullptr));
}

Markup one(const Comparison& c) {
  Markup cells = column_head("", "problem");
  for (const Column& column : c.columns) cells += column_head("n", column.run->letter);
  cells +=
      column_head("n", c.columns.back().run->letter + " over " + c.columns.front().run->letter);
  const std::optional<RunComparison> verdicts = verdicts_of(c);
  const auto by_problem = rows_of(verdicts, *c.columns.back().by_problem.begin()->second);
  Markup rows;
  for (const std::string& problem : c.problems) {
    const auto found = by_problem.find(problem);
    rows += row(c, found == by_problem.end() ? nullptr : found->second, problem);
  }
  return tag("div", "scroll",
             tag("table", "comparison sortable",
                 tag("caption", "", c.title) + tag("thead", "", tag("tr", "", cells)) +
                     tag("tbody", "", rows)));
}

Markup run_list(const std::vector<Run>& runs) {
  Markup items;
  for (const Run& run : runs) {
    const Document& d = *run.document;
    items +=
        tag("li", "",
            tag("b", "letter", run.letter) +
                element("a", {{"href", "#run-" + run.letter}},
                        text(suites_of(d) + ", " + day_and_minute(d.started_utc))) +
                text(" on " + cpu_text(d.machine) + ", commit " + d.toolchain.commit.substr(0, 12) +
                     (d.toolchain.dirty ? " (dirty)" : "")));
  }
  return tag("ul", "runs", items);
}

bool applies(const std::vector<Run>& runs) { return runs.size() != 1; }

Markup render(const std::vector<Run>& runs) {
  Markup tables;
  bool apart = false;
  for (const Comparison& c : comparisons_of(runs)) {
    if (c.columns.size() > 1)
      tables += one(c);
    else
      apart = true;
  }
  const std::string rule =
      "Times of separate runs. A change is more than 2 %, against what each case's own processes "
      "differ by, what all of them scatter by and what the machine's probes explain, corrected for "
      "so many cases, as `halcyon compare` has it: its interval is the cell's title. Same: within "
      "5 %. In turns of one run (`bench --against-build`) 3 % show.";
  Markup body = tag("h2", "title", "Comparison") + run_list(runs);
  if (!tables.empty()) body += tag("p", "lead", rule) + tables;
  if (apart)
    body +=
        tag("p", "lead",
            "Figures of another machine, target, unit or cache state, or of a CPU that is known by "
            "its brand only, are not put beside these: see their own run below.");
  return tag("section", "comparison", body);
}

}  // namespace

extern const PageSection comparison_section = {"comparison", applies, render};

}  // namespace halcyon::page_parts
