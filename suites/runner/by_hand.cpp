#include "suites/runner/by_hand.h"

#include <benchmark/benchmark.h>

#include <map>

#include "suites/runner/bundle/case_memory.h"
#include "suites/runner/check/check.h"
#include "suites/runner/check/network_check.h"
#include "suites/runner/process/cpu.h"

namespace halcyon {
namespace {

/// Checks of this run: Google Benchmark enters a benchmark several times.
class Checks {
 public:
  /// Whether what `check` finds of this one is right; the state says so where it is not.
  template <class Check>
  bool passes(benchmark::State& state, const void* of, const Check& check) {
    const auto [found, is_new] = found_.try_emplace(of);
    if (is_new) {
      const auto m = check();
      if (m.outcome != Outcome::ok)
        found->second = std::string(to_text(m.outcome)) + ": " + m.detail;
    }
    if (found->second.empty()) return true;
    any_failed_ = true;
    state.SkipWithError(found->second.c_str());
    return false;
  }
  bool any_failed() const { return any_failed_; }

 private:
  std::map<const void*, std::string> found_;  // by case or network: what is wrong
  bool any_failed_ = false;
};

void count_work(benchmark::State& state, double macs) {
  state.counters["FLOP/s"] =
      benchmark::Counter(2 * macs, benchmark::Counter::kIsIterationInvariantRate);
}

void run_case(benchmark::State& state, const BundledCase& c, Checks& checks) {
  if (!checks.passes(state, &c, [&] { return check_case(c); })) return;
  CaseMemory memory(c);
  for ([[maybe_unused]] auto _ : state) {
    memory.call()();
    benchmark::ClobberMemory();
  }
  count_work(state, static_cast<double>(c.macs));
}

void run_network(benchmark::State& state, const BundledNetwork& n, Checks& checks) {
  if (!checks.passes(state, &n, [&] { return check_network(n); })) return;
  Network network(n);
  network.load(n.input.sets.front());
  for ([[maybe_unused]] auto _ : state) {
    network.run();
    benchmark::ClobberMemory();
  }
  double macs = 0;
  for (const BundledCall& call : n.calls) macs += static_cast<double>(call.kernel->macs);
  count_work(state, macs * n.batch);
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
  for (const BundledNetwork& n : bundle.networks())
    benchmark::RegisterBenchmark(n.name.c_str(),
                                 [&](benchmark::State& state) { run_network(state, n, checks); });
  const std::size_t ran = benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return ran == 0 || checks.any_failed() ? 1 : 0;
}

}  // namespace halcyon
