#include "results/page/page.h"

#include <algorithm>

#include "results/page/frame.h"
#include "results/page/section.h"

namespace halcyon {
namespace {

using page_parts::Run;
using page_parts::tag;

constexpr std::size_t kMostDetailed = 2000;  // records of a run

std::string title_of(const std::vector<Run>& runs) {
  if (runs.empty()) return "No runs";
  const Document& d = *runs[0].document;
  if (runs.size() > 1) {
    const bool one_cpu = std::all_of(runs.begin(), runs.end(), [&](const Run& run) {
      return cpu_text(run.document->machine) == cpu_text(d.machine);
    });
    std::vector<std::string> suites;
    for (const Run& run : runs)
      if (const std::string all = page_parts::suites_of(*run.document);
          std::find(suites.begin(), suites.end(), all) == suites.end())
        suites.push_back(all);
    return page_parts::list_of(suites, "; ") + " on " +
           (one_cpu ? d.machine.cpu_model : "several CPUs") + ": " + std::to_string(runs.size()) +
           " runs";
  }
  return page_parts::suites_of(d) + " on " + d.machine.cpu_model;
}

/// What stands below the title.
Markup lines_of(const std::vector<Run>& runs) {
  if (runs.size() != 1) return {};
  const Document& d = *runs[0].document;
  std::string line = page_parts::day_and_minute(d.started_utc);
  for (const Target& target : d.targets)
    line += " · target " + target.name + " (" + target.family + ", " + target.isa + ")";
  line += " · " + page_parts::commit_text(d.toolchain);
  return tag("p", "when", line) + page_parts::command_line(d.command);
}

Markup notes() {
  return tag(
      "p", "",
      "Every time is the median of samples that were accepted because a probe of the core's "
      "FMA rate right before and after stood within the protocol's gate. Percent of peak = 2 · "
      "MACs / (median · probed rate), MACs counted by the taps that fall inside the map; GFLOP/s "
      "count those in the padding, too, as papers do. Every result was "
      "compared with a plain-loop reference before and after it was timed; what failed has "
      "no time.");
}

}  // namespace

std::string page(const std::vector<Document>& documents) {
  std::vector<Run> runs;
  for (const Document& d : documents) {
    // A .. Z, then A1, B1, ...
    std::string letter(1, static_cast<char>('A' + runs.size() % 26));
    if (runs.size() >= 26) letter += std::to_string(runs.size() / 26);
    runs.push_back(
        {&d, letter, d.records.size() <= kMostDetailed, documents.size() == 1, matches_of(d)});
  }
  const Markup main = page_parts::rendered(page_parts::page_sections(), runs);
  return page_parts::framed(title_of(runs), lines_of(runs), main, notes(),
                            page_parts::Script::page);
}

}  // namespace halcyon
