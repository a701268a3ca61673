#include "suites/verify/rerun.h"

#include <algorithm>
#include <random>

#include "results/comparison/levels.h"
#include "results/files/atomic_file.h"
#include "results/files/temporary_folder.h"
#include "results/text/format.h"
#include "suites/runs/run.h"

namespace halcyon {
namespace {

constexpr double kChance = 0.05;

std::vector<std::size_t> drawn(const Document& d, int cases, std::uint64_t seed) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < d.records.size(); ++i)
    if (d.records[i].statistics && d.records[i].rival.empty()) all.push_back(i);
  std::mt19937_64 random(seed);
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random() % i]);
  all.resize(std::min(all.size(), static_cast<std::size_t>(cases)));
  std::sort(all.begin(), all.end());
  return all;
}

/// The same case by the same schedule.
Document measured_again(const Record& r, const Request& asked, Progress& progress) {
  const TemporaryFolder folder;
  Request request = asked;
  request.schedule_file = folder.path() + "/steps";
  write_file_atomically(request.schedule_file, r.schedule);
  request.what = {r.problem};
  request.target = r.target;
  request.threads = r.threads;
  request.states = {r.state};
  request.seed = r.seed;
  request.out.clear();
  return run(Verb::bench, run_plan(request), progress);
}

std::string interval_text(const Interval& i) {
  return figure_text(i.low, "ns") + " to " + figure_text(i.high, "ns");
}

}  // namespace

Flaws find_other_times(const Document& d, int cases, const Request& asked, Progress& progress) {
  const Machine here = describe_machine(-1);
  if (cpu_text(here) != cpu_text(d.machine))
    throw usage_error("--rerun: was measured on " + cpu_text(d.machine) + ", this is " +
                      cpu_text(here));
  const std::vector<std::size_t> chosen = drawn(d, cases, asked.seed);
  if (chosen.empty()) throw usage_error("--rerun: no case of it has a time");
  Flaws found;
  for (const std::size_t i : chosen) {
    const Record& r = d.records[i];
    const std::string pointer = "/records/" + std::to_string(i);
    const Document again = measured_again(r, asked, progress);
    if (again.records.empty() || !again.records[0].statistics) {
      const std::string why =
          again.records.empty()
              ? "gave no record"
              : std::string(to_text(again.records[0].outcome)) + ": " + again.records[0].detail;
      found.push_back({pointer + "/outcome", "found 'ok', measured again it is " + why});
      continue;
    }
    const Interval before = reach_of(*levels_of(r.samples), kChance);
    const Interval after = reach_of(*levels_of(again.records[0].samples), kChance);
    if (after.low <= before.high && before.low <= after.high) {
      progress.say(r.case_id + ": " + interval_text(before) + ", again " + interval_text(after));
      continue;
    }
    found.push_back(
        {pointer + "/statistics/median_ns",
         "found " + interval_text(before) + ", measured again " + interval_text(after)});
  }
  return found;
}

}  // namespace halcyon
