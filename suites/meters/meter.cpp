#include "suites/meters/meter.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/problem/op_field.h"
#include "results/files/temporary_folder.h"
#include "suites/meters/meter_kind.h"
#include "suites/meters/run_job.h"

namespace halcyon {

const MeterKind& meter_of(const Device& device) {
  const Target& target = device.target();
  const std::vector<std::string> there = device.meters();
  for (const MeterKind* kind : meter_kinds())
    if (target.meter() == to_text(kind->unit) &&
        std::count(there.begin(), there.end(), target.meter()) > 0)
      return *kind;
  throw usage_error("target " + target.name + ": device " + target.device + " has no meter '" +
                    target.meter() + "'; allowed: " + joined(there));
}

Meter::Meter(const Target& target) : device_(open_device(target)), kind_(&meter_of(*device_)) {}

FigureUnit Meter::unit() const { return kind_->unit; }

Measured Meter::check(const Bundle& bundle, const std::string& id, const Limits& limits) const {
  const JobRun run = run_job(*device_, bundle, {{"do", "check"}, {"case", id}}, limits);
  return check_result(id, run.ended, run.answers);
}

std::vector<Measured> Meter::time(const Bundle& bundle, const std::vector<std::string>& ids,
                                  const Protocol& protocol,
                                  const std::function<void(const Measured&)>& done) const {
  return kind_->cases(*device_, bundle, ids, protocol, done);
}

MachineRates Meter::rates(int cpu) const {
  const Target& target = device_->target();
  if (!measures_time())
    throw Error(Exit::environment,
                "target " + target.name + ": its " + to_text(unit()) + " have no rates");
  const TemporaryFolder folder;
  const Bundle bundle = make_bundle(folder.path(), target, {}, "");
  const JobRun run =
      run_job(*device_, bundle, {{"do", "rates"}, {"cpu", cpu}}, {.wall_seconds = 60});
  if (run.ended.how == Ended::exited && run.answers.rates) return *run.answers.rates;
  throw Error(Exit::environment, "the machine's rates: " + blame("", run.ended).detail);
}

std::string timed_cpu(const Target& target) {
  return target.measures_time() ? open_device(target)->cpu().model : "";
}

}  // namespace halcyon
