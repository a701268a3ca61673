#include "suites/local_meter.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "kernels/error.h"
#include "schedules/child.h"
#include "suites/job.h"
#include "suites/runner/wire.h"
#include "suites/temporary_folder.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// 128 random bits: what a candidate prints cannot guess it.
std::string new_nonce() {
  std::random_device random;
  char text[33];
  std::snprintf(text, sizeof text, "%08x%08x%08x%08x", random(), random(), random(), random());
  return text;
}

struct Run {
  Ended ended;
  Answers answers;
};

/// Has the program of a bundle do one job.
Run run_job(const Bundle& bundle, json job, const Limits& limits) {
  const std::string nonce = new_nonce(), path = bundle.folder + "/job-" + nonce + ".json";
  job[wire::kNonce] = nonce;
  std::ofstream file(path);
  file << job;
  file.close();
  if (!file) throw Error(Exit::environment, path + ": cannot be written");
  Run run;
  run.ended = run_program(limits, {bundle.program, "--job", path}, "--result-fd=");
  run.answers = read_answers(run.ended.result, nonce);
  std::error_code ignored;  // it goes with the bundle
  std::filesystem::remove(path, ignored);
  return run;
}

/// Of a process that times `cases`: each may reach its cap, and overrun it by a slow sample.
Limits limits_for(std::size_t cases, const Protocol& protocol) {
  const double wall = 30 + static_cast<double>(cases) * (5 + 2 * protocol.case_cap_seconds);
  return {.wall_seconds = wall, .memory_bytes = std::int64_t{16} << 30};
}

}  // namespace

std::string LocalMeter::why_not(const Target& target) const { return why_not_runnable(target); }

Measured LocalMeter::check(const Bundle& bundle, const std::string& id, const Limits& limits) {
  const Run run = run_job(bundle, {{"do", "check"}, {"case", id}}, limits);
  return check_result(id, run.ended, run.answers);
}

std::vector<Measured> LocalMeter::time(const Bundle& bundle, const std::vector<std::string>& ids,
                                       const Protocol& protocol,
                                       const std::function<void(const Measured&)>& done) {
  std::map<std::string, Measured> by_id;
  for (std::vector<std::string> left = ids; !left.empty() && !interrupted_by;) {
    const json job = {{"do", "time"}, {"cases", left}, {"protocol", to_json(protocol)}};
    const Run run = run_job(bundle, job, limits_for(left.size(), protocol));
    if (interrupted_by) break;
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
  const Run run = run_job(bundle, {{"do", "rates"}, {"cpu", cpu}}, {.wall_seconds = 60});
  if (run.ended.how == Ended::exited && run.answers.rates) return *run.answers.rates;
  throw Error(Exit::environment, "the machine's rates: " + blame("", run.ended).detail);
}

}  // namespace halcyon
