#include "suites/qemu_meter.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "suites/kernel_ranges.h"
#include "suites/run_job.h"

namespace halcyon {
namespace {

using nlohmann::json;

// Two, so that a kernel that goes another way when called again shows in the counts of its calls.
constexpr int kCalls = 2;
// Emulated vectors are some hundred times slower than the CPU's.
constexpr double kSlower = 20;

/// qemu 7.2 has no Cortex-A78AE; Neoverse N1 has the same instructions: fp16 and dot products, no
/// SVE, i8mm or bf16.
std::vector<std::string> emulator() { return {"qemu-aarch64", "-cpu", "neoverse-n1"}; }

/// Kernel symbols of a bundle by case.
std::map<std::string, std::string> symbols_of(const Bundle& bundle) {
  std::map<std::string, std::string> symbols;
  std::ifstream file(bundle.manifest);
  const json manifest = json::parse(file);
  for (const json& c : manifest.at("cases")) symbols[c.at("id")] = c.at("symbol");
  return symbols;
}

std::string nm_of(const Bundle& bundle) {
  const Ended ended = run_program({.wall_seconds = 60, .processes = 0, .output_bytes = 64 << 20},
                                  {"aarch64-linux-gnu-nm", "-S", bundle.program});
  if (ended.how == Ended::exited && ended.code == 0) return ended.output;
  throw Error(Exit::infrastructure, bundle.program + ": nm failed (" + describe(ended) + ")");
}

/// What the plugin wrote; nothing when the process ended before it could.
std::optional<Counts> read_counts(const std::string& path, int calls) {
  std::ifstream file(path);
  const json j = json::parse(file, nullptr, false);
  if (!j.is_object()) return std::nullopt;
  Counts c{.calls = calls};
  c.fmla = j.at("fmla");
  c.simd = j.at("simd");
  c.load = j.at("load");
  c.store = j.at("store");
  c.branch = j.at("branch");
  c.scalar = j.at("scalar");
  return c;
}

Measured count(const Bundle& bundle, const std::string& id, const std::string& ranges) {
  const std::string ranges_path = bundle.folder + "/ranges", out = bundle.folder + "/counts.json";
  std::ofstream file(ranges_path);
  file << ranges;
  file.close();
  if (!file) throw Error(Exit::environment, ranges_path + ": cannot be written");
  std::filesystem::remove(out);
  std::vector<std::string> words = emulator();
  words.push_back("-plugin");
  words.push_back(HALCYON_COUNT_PLUGIN ",ranges=" + ranges_path + ",out=" + out);
  const JobRun run = run_job(words, bundle, {{"do", "count"}, {"case", id}, {"calls", kCalls}},
                             {.wall_seconds = 60 * kSlower, .file_bytes = 1 << 20});
  Measured m = check_result(id, run.ended, run.answers);
  if (m.outcome != Outcome::ok) return m;
  m.counts = read_counts(out, kCalls);
  if (m.counts && m.counts->total() > 0) return m;
  m.outcome = Outcome::no_result;
  m.detail = "the counting plugin saw none of its instructions";
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
  Limits slow = limits;
  slow.wall_seconds *= kSlower;
  slow.memory_bytes = 0;  // of address space, which an emulator reserves without use
  const JobRun run = run_job(emulator(), bundle, {{"do", "check"}, {"case", id}}, slow);
  return check_result(id, run.ended, run.answers);
}

std::vector<Measured> QemuMeter::time(const Bundle& bundle, const std::vector<std::string>& ids,
                                      const Protocol&,
                                      const std::function<void(const Measured&)>& done) {
  const auto symbols = symbols_of(bundle);
  const std::string nm = nm_of(bundle);
  std::vector<Measured> measured;
  for (const std::string& id : ids) {
    measured.push_back(count(bundle, id, kernel_ranges(nm, symbols.at(id))));
    if (interrupted_by) return measured;
    if (done) done(measured.back());
  }
  return measured;
}

MachineRates QemuMeter::rates(const Target& target, int) {
  throw Error(Exit::environment, "target " + target.name + ": an emulated machine has no rates");
}

}  // namespace halcyon
