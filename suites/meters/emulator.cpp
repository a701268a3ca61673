#include "suites/meters/emulator.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "results/record/record_fields.h"
#include "suites/bundle/data_file.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// What the plugin wrote, one for each kernel; nothing when the process ended before it could, or
/// executed no instruction of them.
std::vector<Counts> read_counts(const std::string& path) {
  std::ifstream file(path);
  const json all = json::parse(file, nullptr, false);
  std::vector<Counts> counts;
  if (!all.is_array()) return counts;
  bool any = false;
  for (const json& j : all) {
    FieldReader reader(Reader(j, path, "/" + std::to_string(counts.size()), Exit::infrastructure));
    class_fields(reader, counts.emplace_back());
    any |= counts.back().total() > 0;
  }
  return any ? counts : std::vector<Counts>();
}

}  // namespace

std::vector<std::string> emulator() { return {"qemu-aarch64", "-cpu", "neoverse-n1"}; }

Limits emulated(Limits limits) {
  constexpr double kSlower = 20;  // at most: vectors some hundred times, all else less
  limits.wall_seconds *= kSlower;
  limits.memory_bytes = 0;  // of address space, which an emulator reserves without use
  return limits;
}

std::string symbols_in(const Bundle& bundle) {
  const Ended ended = run_program({.wall_seconds = 60, .processes = 0, .output_bytes = 64 << 20},
                                  {"aarch64-linux-gnu-nm", "-S", bundle.program});
  if (ended.how == Ended::exited && ended.code == 0) return ended.output;
  throw Error(Exit::infrastructure, bundle.program + ": nm failed (" + describe(ended) + ")");
}

CountedRun run_counted(const Bundle& bundle, const json& job, const std::string& ranges,
                       const Limits& limits) {
  const std::string in = bundle.folder + "/ranges", out = bundle.folder + "/counts.json";
  OutputFile file(in);
  file.write(ranges);
  file.close();
  std::filesystem::remove(out);
  std::vector<std::string> words = emulator();
  words.push_back("-plugin");
  words.push_back(HALCYON_COUNT_PLUGIN ",ranges=" + in + ",out=" + out);
  CountedRun run;
  run.job = run_job(words, bundle, job, emulated(limits));
  run.counts = read_counts(out);
  return run;
}

}  // namespace halcyon
