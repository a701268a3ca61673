#include "suites/runner/by_hand.h"

#include <benchmark/benchmark.h>

#include <map>

#include "suites/runner/case_memory.h"
#include "suites/runner/check.h"
#include "suites/runner/cpu.h"

namespace halcyon {
namespace {

/// Checks of this run: Google Benchmark enters a case several times.
class Checks {
 public:
  const Measured& of(const BundledCase& c) {
    const auto [found, is_new] = checked_.try_emplace(c.id);
    if (is_new) found->second = check_case(c);
    any_failed_ |= found->second.outcome != Outcome::ok;
    return found->second;
  }
  bool any_failed() const { return any_failed_; }

 private:
  std::map<std::string, Measured> checked_;
  bool any_failed_ = false;
};

void run_case(benchmark::State& state, const BundledCase& c, Checks& checks) {
  const Measured& m = checks.of(c);
  if (m.outcome != Outcome::ok) {
    state.SkipWithError((std::string(to_text(m.outcome)) + ": " + m.detail).c_str());
    return;
  }
  CaseMemory memory(c);
  for ([[maybe_unused]] auto _ : state) {
    memory.call()();
    benchmark::ClobberMemory();
  }
  state.counters["FLOP/s"] = benchmark::Counter(2.0 * static_cast<double>(c.macs),
                                                benchmark::Counter::kIsIterationInvariantRate);
}

}  // namespace

int run_by_hand(const OpenBundle& bundle, int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  flush_denormals();
  Checks checks;
  for (const BundledCase& c : bundle.cases())
    if (!c.bare)
      benchmark::RegisterBenchmark(c.id.c_str(),
                                   [&](benchmark::State& state) { run_case(state, c, checks); });
  const std::size_t ran = benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return ran == 0 || checks.any_failed() ? 1 : 0;
}

}  // namespace halcyon
