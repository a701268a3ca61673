#include "suites/meters/run_job.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>

#include "suites/bundle/data_file.h"
#include "suites/protocol/wire.h"

namespace halcyon {
namespace {

/// 128 random bits: what a candidate prints cannot guess it.
std::string new_nonce() {
  std::random_device random;
  char text[33];
  std::snprintf(text, sizeof text, "%08x%08x%08x%08x", random(), random(), random(), random());
  return text;
}

}  // namespace

std::string program_on(const Device& device, const Bundle& bundle) {
  const std::filesystem::path program(bundle.program);
  return device.push(bundle.folder) + "/" + program.filename().string();
}

JobRun run_job(const Device& device, const Bundle& bundle, nlohmann::json job, const Limits& limits,
               const JobExtras& extras) {
  const std::string nonce = new_nonce(), path = bundle.folder + "/job-" + nonce + ".json";
  job[wire::kNonce] = nonce;
  OutputFile file(path);
  file.write(job.dump());
  file.close();
  JobRun run;
  try {
    run.ended = device.run({program_on(device, bundle), "--job", device.push(path)}, limits,
                           extras.counting);
  } catch (const Interrupted& interrupted) {
    if (extras.told) *extras.told = read_answers(interrupted.told, nonce);
    throw;
  }
  run.answers = read_answers(run.ended.result, nonce);
  std::error_code ignored;  // it goes with the bundle
  std::filesystem::remove(path, ignored);
  return run;
}

}  // namespace halcyon
