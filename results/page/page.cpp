#include "results/page/page.h"

#include "results/page/frame.h"
#include "results/page/page_parts.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

using page_parts::Run;
using page_parts::tag;

constexpr std::size_t kMostDetailed = 2000;      // records of a run
constexpr std::size_t kMostEmbedded = 4u << 20;  // bytes of all documents together

std::string title_of(const std::vector<Run>& runs) {
  if (runs.empty()) return "No runs";
  if (runs.size() > 1) return std::to_string(runs.size()) + " runs";
  const Document& d = *runs[0].document;
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

/// Works with script only, which takes `hidden` away.
Markup toolbar() {
  const auto choice = [](const char* id, const char* words) {
    return element("select", {{"id", id}, {"aria-label", words}},
                   element("option", {{"value", ""}}, text(words)));
  };
  return element("form",
                 {{"class", "toolbar"}, {"id", "toolbar"}, {"hidden", ""}, {"role", "search"}},
                 element("input", {{"type", "search"},
                                   {"id", "find"},
                                   {"placeholder", "filter cases"},
                                   {"aria-label", "filter cases by text"}}) +
                     choice("class", "every class") + choice("outcome", "every outcome") +
                     element("output", {{"id", "shown"}, {"aria-live", "polite"}}));
}

/// What a reader must know before any number of the run.
Markup overview(const Run& run) { return page_parts::banners(run) + page_parts::tiles(run); }

/// By class and case by case; of a tuning, whose cases are trials, they would say nothing.
Markup means(const Run& run, const Group& group) {
  if (run.document->searches) return {};
  return page_parts::class_summary(run, group) + page_parts::count_summary(run, group) +
         page_parts::bars(run, group);
}

Markup results(const Run& run) {
  const std::vector<Match> matches = matches_of(*run.document);
  Markup body = page_parts::networks(run) + page_parts::findings(run);
  for (const Group& group : groups_of(*run.document))
    body += means(run, group) + page_parts::rivals(run, group, matches) +
            page_parts::roofline(run, group) + page_parts::searches(run, group) +
            page_parts::cases(run, group);
  return tag("section", "run", body + page_parts::surroundings(run));
}

/// What is shown of all runs at once.
Markup together(const std::vector<Run>& runs) {
  return page_parts::network_comparison(runs) + page_parts::block_study(runs);
}

/// A run among others.
Markup section(const Run& run) {
  const Document& d = *run.document;
  return element("h2", {{"class", "run-title"}, {"id", "run-" + run.letter}},
                 tag("b", "letter", run.letter) + text(page_parts::suites_of(d) + ", " +
                                                       page_parts::day_and_minute(d.started_utc))) +
         overview(run) + results(run);
}

Markup records(const std::vector<Run>& runs) {
  Markup body;
  for (const Run& run : runs) {
    if (run.detailed)
      for (const Record& r : run.document->records) body += page_parts::record(run, r);
    else
      body += tag("p", "lead",
                  "The " + std::to_string(run.document->records.size()) + " records of run " +
                      run.document->run + " are in its results.json only.");
  }
  return body.empty() ? body : tag("section", "records", tag("h2", "title", "Records") + body);
}

Markup files(const std::vector<Run>& runs) {
  Markup body = tag("h2", "title", "Data");
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  for (const Run& run : runs) bytes += texts.emplace_back(canonical_text(*run.document)).size();
  const bool embedded = bytes <= kMostEmbedded;
  body +=
      tag("p", "lead",
          embedded ? "The documents that every number above comes from are inside this page."
                   : "The documents that every number above comes from are too large for the page; "
                     "they are beside it.");
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string id = "results-" + runs[i].letter;
    Markup line = tag("b", "", "results.json") +
                  text(" of run " + runs[i].document->run + ", " +
                       bytes_text(static_cast<double>(texts[i].size())) + ", SHA-256 ") +
                  tag("code", "hash", sha256_hex(texts[i]));
    if (embedded)
      line +=
          element("button", {{"type", "button"}, {"data-save", id}, {"hidden", ""}}, text("Save")) +
          json_block(id, texts[i]);
    body += tag("p", "data", line);
  }
  return tag("section", "data", body);
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
    runs.push_back({&d, letter, d.records.size() <= kMostDetailed, documents.size() == 1});
  }
  Markup main;
  if (runs.size() == 1) {
    main += overview(runs[0]) + toolbar() + together(runs) + results(runs[0]);
  } else {
    main += page_parts::comparison(runs) + together(runs) + toolbar();
    for (const Run& run : runs) main += section(run);
  }
  main += records(runs) + files(runs);
  return page_parts::framed(title_of(runs), lines_of(runs), main, notes(),
                            page_parts::Script::page);
}

}  // namespace halcyon
