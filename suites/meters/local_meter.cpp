#include "suites/meters/local_meter.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "results/files/temporary_folder.h"
#include "suites/meters/run_job.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// Of a process that times `cases`: each may reach its cap, and overrun it by a slow sample.
Limits limits_for(std::size_t cases, const Protocol& protocol) {
  const double wall = 30 + static_cast<double>(cases) * (5 + 2 * protocol.case_cap_seconds);
  return {.wall_seconds = wall, .memory_bytes = std::int64_t{16} << 30, .file_bytes = 1 << 20};
}

}  // namespace

std::string LocalMeter::why_not(const Target& target) const { return why_not_runnable(target); }

Measured LocalMeter::check(const Bundle& bundle, const std::string& id, const Limits& limits) {
  const JobRun run = run_job({}, bundle, {{"do", "check"}, {"case", id}}, limits);
  return check_result(id, run.ended, run.answers);
}

std::vector<Measured> LocalMeter::time(const Bundle& bundle, const std::vector<std::string>& ids,
                                       const Protocol& protocol,
                                       const std::function<void(const Measured&)>& done) {
  std::map<std::string, Measured> by_id;
  for (std::vector<std::string> left = ids; !left.empty();) {
    const json job = {{"do", "time"}, {"cases", left}, {"protocol", to_json(protocol)}};
    Answers told;
    const auto run = [&]() -> JobRun {
      try {
        return run_job({}, bundle, job, limits_for(left.size(), protocol), &told);
      } catch (const Interrupted&) {
        for (const Measured& m : told.measured)
          if (done && std::erase(left, m.id) > 0) done(m);  // these were whole
        throw;
      }
    }();
    for (const Measured& m : settle(left, run.ended, run.answers)) {
      by_id[m.id] = m;
      if (done) done(m);
    }
    std::erase_if(left, [&](const std::string& id) { return by_id.count(id) > 0; });
  }
  std::vector<Measured> measured;
  for (const auto& id : ids)
    if (by_id.count(id)) measured.push_back(by_id.at(id));
  return measured;
}

MachineRates LocalMeter::rates(const Target& target, int cpu) {
  const TemporaryFolder folder;
  const Bundle bundle = make_bundle(folder.path(), target, {}, "");
  const JobRun run = run_job({}, bundle, {{"do", "rates"}, {"cpu", cpu}}, {.wall_seconds = 60});
  if (run.ended.how == Ended::exited && run.answers.rates) return *run.answers.rates;
  throw Error(Exit::environment, "the machine's rates: " + blame("", run.ended).detail);
}

}  // namespace halcyon
