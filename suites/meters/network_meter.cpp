#include "suites/meters/network_meter.h"

#include <nlohmann/json.hpp>

#include "suites/meters/meter_kind.h"
#include "suites/meters/run_job.h"

namespace halcyon {

using nlohmann::json;

NetworkMeter::NetworkMeter(const Target& target)
    : device_(open_device(target)), kind_(&meter_of(*device_)) {}

NetworkMeasured NetworkMeter::job(const Bundle& bundle, const json& job,
                                  const Limits& limits) const {
  const JobRun run = run_job(*device_, bundle, job, limits);
  return network_result(run.ended, run.answers);
}

NetworkMeasured NetworkMeter::check(const Bundle& bundle, const Limits& limits) const {
  return check_one(bundle, 0, limits);
}

NetworkMeasured NetworkMeter::check_one(const Bundle& bundle, std::size_t network,
                                        const Limits& limits) const {
  return job(bundle, {{"do", "network_check"}, {"network", network}}, limits);
}

NetworkMeasured NetworkMeter::measure(const Bundle& bundle, const Protocol& protocol,
                                      const Limits& limits) const {
  return measure_together(bundle, {0}, protocol, limits).front();
}

std::vector<NetworkMeasured> NetworkMeter::measure_together(
    const Bundle& bundle, const std::vector<std::size_t>& networks, const Protocol& protocol,
    const Limits& limits) const {
  return kind_->networks(*device_, bundle, networks, protocol, limits);
}

NetworkMeasured NetworkMeter::run(const Bundle& bundle, const NetworkFiles& files,
                                  const Limits& limits) const {
  std::vector<std::string> written = files.outputs;
  json outputs = json::array();
  for (const std::string& path : files.outputs) outputs.push_back(device_->push(path));
  if (!files.calls.empty()) written.push_back(files.calls);
  Limits writing = limits;
  writing.file_bytes = 0;
  NetworkMeasured m = job(bundle,
                          {{"do", "network_run"},
                           {"input", device_->push(files.input)},
                           {"outputs", std::move(outputs)},
                           {"calls", files.calls.empty() ? "" : device_->push(files.calls)}},
                          writing);
  for (const std::string& path : written) device_->pull(path);
  return m;
}

}  // namespace halcyon
