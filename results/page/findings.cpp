#include <algorithm>

#include "results/page/section.h"

namespace halcyon::page_parts {
namespace {

/// Everybody who searched, in order of appearance.
std::vector<std::string> names_in(const std::vector<SearchOutcome>& searches) {
  std::vector<std::string> names;
  for (const SearchOutcome& s : searches)
    for (const Found& f : s.found)
      if (std::find(names.begin(), names.end(), f.by) == names.end()) names.push_back(f.by);
  return names;
}

Markup cell_of(const Run& run, const SearchOutcome& s, const std::string& by) {
  const auto found =
      std::find_if(s.found.begin(), s.found.end(), [&](const Found& f) { return f.by == by; });
  if (found == s.found.end()) return tag("td", "n none", "–");
  const auto& records = run.document->records;
  const auto best = std::find_if(records.begin(), records.end(),
                                 [&](const Record& r) { return r.id == found->record; });
  const Markup words = text(found_text(*found));
  const bool leads = std::none_of(s.found.begin(), s.found.end(), [&](const Found& f) {
    return f.speedup.value_or(0) > found->speedup.value_or(0);
  });
  return tag("td", found->speedup && leads ? "n strong" : "n",
             best == records.end() ? words : to_record(run, *best, words));
}

bool applies(const Run& run) { return run.tuning() && !run.document->searches->empty(); }

Markup render(const Run& run) {
  const auto& searches = *run.document->searches;
  const std::vector<std::string> names = names_in(searches);
  Markup head = column_head("", "problem"), rows;
  for (const std::string& name : names) head += column_head("n", name);
  head += column_head("", "decision");
  for (const SearchOutcome& s : searches) {
    Markup row = element("th", {{"scope", "row"}}, tag("code", "", s.problem));
    for (const std::string& name : names) row += cell_of(run, s, name);
    const Markup who = tag("b", "", s.winner.empty() ? "the start stands" : s.winner);
    rows += tag("tr", "", row + tag("td", "decision", who + tag("span", "class", s.why)));
  }
  return tag(
      "section", "findings",
      title(run, "What each search found") +
          tag("p", "lead",
              "The best schedule of each, as a multiple of the speed of the recipe's start, and of "
              "how many different ones: all tried in the same journal, measured beside the start. "
              "A ~ stands before one that was dropped early, a quarter or more behind the best: "
              "where it stood then. Trials only nominate; the decision is of a comparison of the "
              "best with the start under every cache state that counts.") +
          tag("div", "scroll",
              tag("table", "found",
                  tag("thead", "", tag("tr", "", head)) + tag("tbody", "", rows))));
}

}  // namespace

extern const RunSection findings_section = {"findings", applies, render};

}  // namespace halcyon::page_parts
