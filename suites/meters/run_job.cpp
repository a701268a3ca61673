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

JobRun run_job(const std::vector<std::string>& emulator, const Bundle& bundle, nlohmann::json job,
               const Limits& limits, Answers* told) {
  const std::string nonce = new_nonce(), path = bundle.folder + "/job-" + nonce + ".json";
  job[wire::kNonce] = nonce;
  OutputFile file(path);
  file.write(job.dump());
  file.close();
  std::vector<std::string> argv = emulator;
  for (const std::string& word : {bundle.program, std::string("--job"), path}) argv.push_back(word);
  JobRun run;
  try {
    run.ended = run_program(limits, argv, "--result-fd=");
  } catch (const Interrupted& interrupted) {
    if (told) *told = read_answers(interrupted.told, nonce);
    throw;
  }
  run.answers = read_answers(run.ended.result, nonce);
  std::error_code ignored;  // it goes with the bundle
  std::filesystem::remove(path, ignored);
  return run;
}

}  // namespace halcyon
