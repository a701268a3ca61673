#include "suites/cases/goals.h"

#include <algorithm>
#include <map>

#include "kernels/error.h"
#include "kernels/problem/problem.h"
#include "kernels/strict_json.h"
#include "results/record/stats.h"
#include "results/text/columns.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

/// Percent of the machine's limit that one record reached; nullopt when it has no time.
std::optional<double> percent_of(const Record& r, bool of_bandwidth) {
  if (!r.statistics) return std::nullopt;
  if (!of_bandwidth) return r.statistics->percent_of_peak;
  if (!r.bound || r.statistics->median_ns <= 0) return std::nullopt;
  return 100 * r.bound->memory_ns / r.statistics->median_ns;
}

/// "recipe 40, tuned 12": whose schedules the figures are of.
std::string sources_text(const Document& document) {
  std::map<std::string, int> cases;
  for (const Record& r : document.records)
    if (r.outcome == Outcome::ok && !r.odd && r.rival.empty() && r.state == CacheState::warm)
      cases[r.schedule_source]++;
  std::string text;
  for (const auto& [source, count] : cases)
    text += (text.empty() ? "" : ", ") + source + " " + std::to_string(count);
  return text.empty() ? "none" : text;
}

bool counts_for(const Record& r, const CountGoal& goal) {
  if (!r.counts || r.odd || r.macs == 0 || !r.rival.empty()) return false;
  const bool of_class =
      std::find(goal.classes.begin(), goal.classes.end(), r.kernel_class) != goal.classes.end();
  return of_class && Problem::parse(r.problem).input().c >= goal.least_k;
}

}  // namespace

std::vector<Goal> read_goals(const std::string& path) {
  const auto json = read_json_file(path, Exit::usage);
  Reader reader(json, path, "", Exit::usage);
  reader.string("unit");
  std::vector<Goal> goals;
  for (std::size_t i = 0; i < reader.array("classes").size(); i++) {
    Reader row = reader.element("classes", i);
    Goal goal;
    goal.kernel_class = row.string("class");
    const std::string of = row.string("of", "peak");
    if (of != "peak" && of != "bandwidth")
      row.fail("of", "found '" + of + "', allowed are peak, bandwidth");
    goal.of_bandwidth = of == "bandwidth";
    goal.avx2 = row.number("avx2", 0, 200);
    goal.avx512 = row.number("avx512", 0, 200);
    goal.peer = row.string("peer", "");
    row.finish();
    goals.push_back(goal);
  }
  reader.array("counts");
  reader.finish();
  return goals;
}

std::vector<CountGoal> read_count_goals(const std::string& path) {
  const auto json = read_json_file(path, Exit::usage);
  Reader reader(json, path, "", Exit::usage);
  std::vector<CountGoal> goals;
  for (std::size_t i = 0; i < reader.array("counts").size(); i++) {
    Reader row = reader.element("counts", i);
    goals.push_back({.name = row.string("name"),
                     .classes = row.strings("classes"),
                     .least_k = static_cast<int>(row.integer("least_k", 0, 1 << 20, 0)),
                     .at_most = row.number("at_most", 1, 100)});
    row.finish();
  }
  return goals;
}

std::vector<GoalReached> goals_reached(const Document& document,
                                       const std::vector<CountGoal>& goals) {
  std::vector<GoalReached> all;
  for (const CountGoal& goal : goals) {
    std::vector<double> ratios;
    for (const Record& r : document.records)
      if (counts_for(r, goal)) ratios.push_back(r.counts->per_least_fmla(r.macs));
    if (ratios.empty()) continue;
    all.push_back({.name = goal.name,
                   .unit = "instructions per least FMLA",
                   .at_most = goal.at_most,
                   .reached = median(ratios),
                   .cases = static_cast<int>(ratios.size())});
  }
  return all;
}

std::optional<double> percent_reached(const Document& document, const Goal& goal) {
  std::vector<double> percents;
  for (const auto& r : document.records)
    if (r.kernel_class == goal.kernel_class && !r.odd && r.rival.empty() &&
        r.state == CacheState::warm)
      if (const auto p = percent_of(r, goal.of_bandwidth)) percents.push_back(*p);
  if (percents.empty()) return std::nullopt;
  return geometric_mean(percents);
}

std::string goals_table(const Document& document, const std::vector<Goal>& goals) {
  if (std::none_of(document.records.begin(), document.records.end(),
                   [](const Record& r) { return r.statistics; }))
    return "";  // counts have goals of their own
  const bool wide = !document.targets.empty() && document.targets[0].isa == "avx512";
  std::vector<std::vector<std::string>> rows = {
      {"class", "reached %", "goal %", "of", "peer %", ""}};
  int short_of = 0;
  for (const auto& goal : goals) {
    const double wanted = wide ? goal.avx512 : goal.avx2;
    const auto reached = percent_reached(document, goal);
    const bool misses = reached && *reached < wanted - 0.5;  // as shown, in whole percent
    short_of += misses;
    rows.push_back({goal.kernel_class, reached ? fixed(*reached, 0) : "-", fixed(wanted, 0),
                    goal.of_bandwidth ? "bandwidth" : "FMA peak",
                    goal.peer.empty() ? "-" : goal.peer,
                    misses    ? fixed(wanted - *reached, 0) + " short"
                    : reached ? "reached"
                              : ""});
  }
  const Machine& m = document.machine;
  return "\n" + columns(rows) + "\n" + cpu_text(m) + ", " + (wide ? "AVX-512" : "AVX2") +
         ", FMA peak " + fixed(document.peak_gflops, 0) + " GFLOP/s; " + std::to_string(short_of) +
         " classes fall short; schedules by source: " + sources_text(document) + "\n";
}

}  // namespace halcyon
