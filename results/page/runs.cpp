#include "results/page/section.h"

namespace halcyon::page_parts {
namespace {

Markup results(const Run& run) { return tag("section", "run", rendered(run_sections(), run)); }

/// A run among others.
Markup among_others(const Run& run) {
  const Document& d = *run.document;
  return element("h2", {{"class", "run-title"}, {"id", "run-" + run.letter}},
                 tag("b", "letter", run.letter) +
                     text(suites_of(d) + ", " + day_and_minute(d.started_utc))) +
         overview(run) + results(run);
}

bool applies(const std::vector<Run>&) { return true; }

Markup render(const std::vector<Run>& runs) {
  if (runs.size() == 1) return results(runs.front());
  Markup all = toolbar();
  for (const Run& run : runs) all += among_others(run);
  return all;
}

}  // namespace

extern const PageSection runs_section = {"runs", applies, render};

}  // namespace halcyon::page_parts
