#include <algorithm>
#include <map>

#include "results/page/section.h"
#include "results/text/format.h"

namespace halcyon::page_parts {
namespace {

/// Times may stand side by side when all of this is the same; other machines, targets and units get
/// a table of their own.
std::string column_key(const Document& d, const Group& g) {
  return cpu_text(d.machine) + ", target " + g.target + ", " + std::to_string(g.threads) +
         (g.threads == 1 ? " thread, " : " threads, ") + to_text(g.state) + " caches, " +
         to_text(g.unit);
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

/// Two separate runs differ only beyond this share: 2 %, or what either one's own samples spread.
double noise_of(const Record& a, const Record& b) {
  const auto spread = [](const Record& r) {
    return r.statistics->median_ns / r.statistics->q25_ns - 1;
  };
  return std::max({0.02, spread(a), spread(b)});
}

Markup change(const Record& before, const Record& after) {
  const double ratio = after.statistics->median_ns / before.statistics->median_ns;
  const double noise = noise_of(before, after);
  const bool slower = ratio > 1 + noise, faster = ratio < 1 / (1 + noise);
  const char* word = slower ? "slower" : faster ? "faster" : "unclear";
  const char* sign = slower ? "▼ " : faster ? "▲ " : "≈ ";
  return element("td",
                 {{"class", std::string("n change ") + word}, {"data-v", significant(ratio, 12)}},
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

Markup row(const Comparison& c, const std::string& problem) {
  Markup cells = element("th", {{"scope", "row"}}, tag("code", "", problem));
  const Record* first = nullptr;
  const Record* last = nullptr;
  for (const Column& column : c.columns) {
    const auto found = column.by_problem.find(problem);
    const Record* r = found == column.by_problem.end() ? nullptr : found->second;
    cells += time_cell(*column.run, r);
    if (&column == &c.columns.front()) first = r;
    if (&column == &c.columns.back()) last = r;
  }
  const bool both = first && last && first->statistics && last->statistics;
  return tag("tr", "", cells + (both ? change(*first, *last) : tag("td", "n none", "–")));
}

Markup one(const Comparison& c) {
  Markup cells = column_head("", "problem");
  for (const Column& column : c.columns) cells += column_head("n", column.run->letter);
  cells +=
      column_head("n", c.columns.back().run->letter + " over " + c.columns.front().run->letter);
  Markup rows;
  for (const std::string& problem : c.problems) rows += row(c, problem);
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
      "Times of separate runs. A change counts as one above 2 % and above the spread of either "
      "run's "
      "own samples (median over faster quartile); below, it is unclear.";
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
