#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "suites/protocol/report.h"
#include "suites/protocol/wire.h"
#include "suites/runner/bundle/case_memory.h"
#include "suites/runner/bundle/entry.h"
#include "suites/runner/by_hand.h"
#include "suites/runner/check/check.h"
#include "suites/runner/network_jobs.h"
#include "suites/runner/process/cpu.h"
#include "suites/runner/process/halide_hooks.h"
#include "suites/runner/serve.h"
#include "suites/runner/timing/rates.h"
#include "suites/runner/timing/sampler.h"
#include "suites/runner/timing/team.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// The descriptor that the last of `count` words names, of which the first is `word`:
/// `--job FILE --result-fd=N`, `--serve --result-fd=N`; -1 when these are other arguments.
int result_fd(const char* word, int count, int argc, char** argv) {
  constexpr char kResult[] = "--result-fd=";
  if (argc != 1 + count || std::strcmp(argv[1], word) != 0) return -1;
  const char* last = argv[count];
  if (std::strncmp(last, kResult, sizeof kResult - 1) != 0) return -1;
  return std::atoi(last + sizeof kResult - 1);
}

/// For what needs no cores of its own, such as a check, beside which others run.
void start_threads_anywhere(const OpenBundle& bundle) {
  start_kernel_threads(std::vector<int>(static_cast<std::size_t>(bundle.threads()) - 1, -1));
}

/// For a meter that counts from outside what the kernel executes: nothing else calls it. What it
/// says is that all calls came back.
Measured count_calls(const BundledCase& c, int calls) {
  flush_denormals();
  CaseMemory memory(c);
  Measured m;
  m.id = c.id;
  m.outcome = Outcome::ok;
  for (int i = 0; i < calls && m.outcome == Outcome::ok; i++)
    if (const int code = memory.call()(); code != 0) {
      m.outcome = Outcome::wrong;
      m.detail = "returned " + std::to_string(code);
    }
  return m;
}

int do_job(const OpenBundle& bundle, const char* path, int fd) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(std::string(path) + ": cannot be read");
  const json job = json::parse(file);
  const Report report(fd, job.at(wire::kNonce));
  const std::string what = job.at("do");
  if (what == "check") {
    flush_denormals();
    report.result(check_case(bundle.find(job.at("case"))));
    return 0;
  }
  if (what == "count") {
    report.result(count_calls(bundle.find(job.at("case")), job.at("calls")));
    return 0;
  }
  if (what == "rates") {
    const ProbeKind& kind = probe_kind(bundle.isa());
    report.result(measure_rates(kind, take_cores(kind, job.at("cpu"), bundle.threads())));
    return 0;
  }
  if (do_network_job(what, bundle, job, report)) return 0;
  if (what != "time") throw std::runtime_error("no such job: '" + what + "'");
  return time_cases(bundle, job.at("cases"), protocol_from_json(job.at("protocol")), report) ? 0
                                                                                             : 1;
}

}  // namespace
}  // namespace halcyon

int halcyon_bench(int argc, char** argv, const BenchEntry* entries, int count) {
  try {
    const auto self = std::filesystem::read_symlink("/proc/self/exe");
    const halcyon::OpenBundle bundle(self.parent_path().string(),
                                     {entries, static_cast<std::size_t>(count)});
    halcyon::start_threads_anywhere(bundle);
    if (const int fd = halcyon::result_fd("--job", 3, argc, argv); fd >= 0)
      return halcyon::do_job(bundle, argv[2], fd);
    if (const int fd = halcyon::result_fd("--serve", 2, argc, argv); fd >= 0) {
      halcyon::serve(bundle, fd);
      return 0;
    }
    return halcyon::run_by_hand(bundle, argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench: %s\n", e.what());
    return 70;
  }
}
