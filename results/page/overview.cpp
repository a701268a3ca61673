#include <algorithm>
#include <map>

#include "results/page/section.h"
#include "results/text/format.h"

namespace halcyon::page_parts {
namespace {

Markup banner(const std::string& level, const std::string& title, const std::string& words) {
  return tag("p", "banner " + level, tag("strong", "", title) + text(" " + words));
}

std::string rate_text(double rate) { return rate > 0 ? significant(rate, 4) : "–"; }

/// What a run's figures must not be read without.
Markup banners(const Run& run) {
  const Document& d = *run.document;
  // By whether it is the candidate's doing. A search drops trials all the time.
  std::map<bool, int> failed;
  int noisy = 0;
  const auto count = [&](const auto& records) {
    for (const auto& r : records) {
      if (r.outcome == Outcome::noisy)
        ++noisy;
      else if (r.outcome != Outcome::ok && !(d.searches && r.outcome == Outcome::pruned))
        ++failed[is_failure(r.outcome)];
    }
  };
  count(d.records);
  count(d.networks);
  Markup all;
  if (d.records.empty() && d.networks.empty())
    all += banner("warn", "Empty.", "The run holds no record.");
  if (!d.complete)
    all += banner("warn", "Partial.",
                  "The run was interrupted; cases that had not been reached are missing.");
  if (d.toolchain.dirty)
    all += banner("warn", "Not reproducible from the repository.",
                  "The tool was built with uncommitted changes on commit " +
                      d.toolchain.commit.substr(0, 12) + ".");
  if (d.toolchain.build_type != "Release")
    all += banner("warn", "Not a release build.",
                  "The tool was built as " +
                      (d.toolchain.build_type.empty() ? "unknown" : d.toolchain.build_type) + ".");
  if (failed[true] > 0)
    all += banner("bad", plural(failed[true], "case") + " failed.",
                  "Shown as failures below, without a time.");
  if (failed[false] > 0)
    all += banner("warn", plural(failed[false], "case") + " not measured.",
                  "No object, no run, or no believable time; the outcome says which.");
  if (noisy > 0)
    all += banner("warn", plural(noisy, "case") + " too noisy.",
                  "Too few samples were taken at full speed to state a time.");
  return all;
}

Markup tiles(const Run& run) {
  const Document& d = *run.document;
  const auto timed = [](const char* name, const auto& records) {
    const auto count = std::count_if(records.begin(), records.end(),
                                     [](const auto& r) { return r.statistics.has_value(); });
    return tile(name, std::to_string(count), "of " + std::to_string(records.size()));
  };
  Markup all;
  if (!d.networks.empty()) all += timed("networks timed", d.networks);
  if (!d.records.empty() || d.networks.empty())
    all += timed(d.searches ? "trials timed" : "cases timed", d.records);
  all += tile("FMA peak", rate_text(d.peak_gflops), "GFLOP/s");
  struct Level {
    const char* name;
    double rate;
  };
  for (const Level& level : {Level{"L1", d.read_gbs_l1}, Level{"L2", d.read_gbs_l2},
                             Level{"L3", d.read_gbs_l3}, Level{"DRAM", d.read_gbs_dram}})
    all += tile(std::string("read from ") + level.name, rate_text(level.rate), "GB/s");
  all += tile("run time", d.seconds >= 120 ? fixed(d.seconds / 60, 1) : fixed(d.seconds, 0),
              d.seconds >= 120 ? "min" : "s");
  return tag("dl", "tiles", all);
}

bool applies(const std::vector<Run>& runs) { return runs.size() == 1; }

Markup render(const std::vector<Run>& runs) { return overview(runs.front()) + toolbar(); }

}  // namespace

Markup overview(const Run& run) { return banners(run) + tiles(run); }

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

extern const PageSection overview_section = {"overview", applies, render};

}  // namespace halcyon::page_parts
