#include "suites/meters/qemu_meter.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "suites/meters/emulator.h"
#include "suites/meters/kernel_ranges.h"

namespace halcyon {
namespace {

using nlohmann::json;

// Two, so that a kernel that goes another way when called again shows in the counts of its calls.
constexpr int kCalls = 2;

/// Kernel symbols of a bundle by case.
std::map<std::string, std::string> symbols_of(const Bundle& bundle) {
  std::map<std::string, std::string> symbols;
  std::ifstream file(bundle.manifest);
  const json manifest = json::parse(file);
  for (const json& c : manifest.at("cases")) symbols[c.at("id")] = c.at("symbol");
  return symbols;
}

Measured count(const Bundle& bundle, const std::string& id, const std::string& ranges) {
  const CountedRun run = run_counted(bundle, {{"do", "count"}, {"case", id}, {"calls", kCalls}},
                                     ranges, {.wall_seconds = 60, .file_bytes = 1 << 20});
  Measured m = check_result(id, run.job.ended, run.job.answers);
  if (m.outcome != Outcome::ok) return m;
  if (run.counts.empty()) {
    m.outcome = Outcome::no_result;
    m.detail = kNothingCounted;
    return m;
  }
  m.counts = run.counts.front();
  m.counts->calls = kCalls;
  return m;
}

}  // namespace

std::string QemuMeter::why_not(const Target& target) const {
  if (target.arch != "aarch64") return "meter qemu emulates aarch64, not " + target.arch;
  try {
    const Ended ended =
        run_program({.wall_seconds = 10, .processes = 0}, {"qemu-aarch64", "--version"});
    if (ended.how == Ended::exited && ended.code == 0) return "";
    return "qemu-aarch64 does not run: " + describe(ended);
  } catch (const Error&) {
    return "qemu-aarch64 is missing: run make setup-cross";
  }
}

Measured QemuMeter::check(const Bundle& bundle, const std::string& id, const Limits& limits) {
  const JobRun run = run_job(emulator(), bundle, {{"do", "check"}, {"case", id}}, emulated(limits));
  return check_result(id, run.ended, run.answers);
}

std::vector<Measured> QemuMeter::time(const Bundle& bundle, const std::vector<std::string>& ids,
                                      const Protocol&,
                                      const std::function<void(const Measured&)>& done) {
  const auto symbols = symbols_of(bundle);
  const std::string nm = symbols_in(bundle);
  std::vector<Measured> measured;
  for (const std::string& id : ids) {
    measured.push_back(count(bundle, id, kernel_ranges(nm, {symbols.at(id)})));
    if (done) done(measured.back());
  }
  return measured;
}

MachineRates QemuMeter::rates(const Target& target, int) {
  throw Error(Exit::environment, "target " + target.name + ": an emulated machine has no rates");
}

}  // namespace halcyon
