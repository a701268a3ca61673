// Wall time, ns: samples between probes, as the measuring protocol has them.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "kernels/interrupt.h"
#include "suites/meters/meter_kind.h"
#include "suites/meters/processes.h"
#include "suites/meters/run_job.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// Of a process that times `cases`: each may reach its cap, and overrun it by a slow sample.
Limits limits_for(std::size_t cases, const Protocol& protocol) {
  const double wall = 30 + static_cast<double>(cases) * (5 + 2 * protocol.case_cap_seconds);
  return {.wall_seconds = wall, .memory_bytes = std::int64_t{16} << 30, .file_bytes = 1 << 20};
}

/// In one process, and a new one where a case ended that.
std::vector<Measured> time_once(const Device& device, const Bundle& bundle,
                                const std::vector<std::string>& ids, const Protocol& protocol,
                                const std::function<void(const Measured&)>& done) {
  std::map<std::string, Measured> by_id;
  for (std::vector<std::string> left = ids; !left.empty();) {
    const json job = {{"do", "time"}, {"cases", left}, {"protocol", to_json(protocol)}};
    Answers told;
    const auto run = [&]() -> JobRun {
      try {
        return run_job(device, bundle, job, limits_for(left.size(), protocol), {.told = &told});
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

/// All cases in one process, then in the next, so that what lasts a while meets each of them.
std::vector<Measured> time_cases(const Device& device, const Bundle& bundle,
                                 const std::vector<std::string>& ids, const Protocol& protocol,
                                 const std::function<void(const Measured&)>& done) {
  if (protocol.processes <= 1) return time_once(device, bundle, ids, protocol, done);
  std::map<std::string, Measured> all;
  std::vector<std::string> left = ids;
  for (int process = 0; !left.empty(); ++process) {
    const auto join = [&](const Measured& m) {
      Measured& sum = all[m.id];
      join_process(sum, m, process);
      if (wants_another(sum, protocol, process + 1)) return;
      settle_processes(sum, protocol);
      std::erase(left, m.id);
      if (done) done(sum);
    };
    time_once(device, bundle, std::vector(left), protocol_of_process(protocol, process), join);
  }
  std::vector<Measured> measured;
  for (const auto& id : ids)
    if (all.count(id)) measured.push_back(all.at(id));
  return measured;
}

/// In one process, samples interleaved.
std::vector<NetworkMeasured> time_networks_once(const Device& device, const Bundle& bundle,
                                                const std::vector<std::size_t>& networks,
                                                const Protocol& protocol, const Limits& limits) {
  Limits longer = limits;  // two series each, which may reach their cap and overrun it by a slow
                           // sample
  longer.wall_seconds += 4 * protocol.case_cap_seconds * static_cast<double>(networks.size());
  const JobRun run = run_job(
      device, bundle,
      {{"do", "network_time"}, {"networks", networks}, {"protocol", to_json(protocol)}}, longer);
  return network_results(networks.size(), run.ended, run.answers);
}

std::vector<NetworkMeasured> time_networks(const Device& device, const Bundle& bundle,
                                           const std::vector<std::size_t>& networks,
                                           const Protocol& protocol, const Limits& limits) {
  if (protocol.processes <= 1)
    return time_networks_once(device, bundle, networks, protocol, limits);
  std::vector<NetworkMeasured> all(networks.size());
  std::vector<std::size_t> left(networks.size());  // places in `all`
  std::iota(left.begin(), left.end(), 0);
  for (int process = 0; !left.empty(); ++process) {
    std::vector<std::size_t> asked;
    for (const std::size_t i : left) asked.push_back(networks[i]);
    const auto once =
        time_networks_once(device, bundle, asked, protocol_of_process(protocol, process), limits);
    for (std::size_t i = 0; i < left.size(); ++i) join_process(all[left[i]], once[i], process);
    std::erase_if(left,
                  [&](std::size_t i) { return !wants_another(all[i], protocol, process + 1); });
  }
  for (NetworkMeasured& m : all) settle_processes(m, protocol);
  return all;
}

}  // namespace

extern const MeterKind ns_meter{FigureUnit::ns, time_cases, time_networks};

}  // namespace halcyon
