// The catalogue of what a candidate may do to us while it runs
// (suites/runner/check/planted_mischief.cpp), on the whole way from a bundle to its outcome. Each
// fault must get its outcome in time, leave no process and no file behind, and the next candidate
// must not notice. What a candidate may do to its result is in meter_test.cpp, what a compilation
// may do in schedules/compile/hostile_test.cpp.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "schedules/fence/left_behind.h"
#include "schedules/targets/host.h"
#include "suites/meters/any_host.h"
#include "suites/meters/meter.h"

namespace halcyon {
namespace {

struct Mischief {
  const char* bug;
  Outcome outcome;
  const char* detail;  // a part of it
};

const std::vector<Mischief>& all_mischief() {
  using enum Outcome;
  static const std::vector<Mischief> all = {
      {"sigbus", run_crash, "signal 7"},
      {"exception", run_crash, "signal 6"},
      {"sleep", run_timeout, "out of time after"},
      {"ignored_sigterm", run_timeout, "out of time after"},
      {"blocked_signals", run_timeout, "out of time after"},
      {"sigstop", run_timeout, "out of time after"},
      {"fork_bomb", run_timeout, "out of time after"},
      {"children_left", input_modified, "changed the number of processes"},
      {"daemon", input_modified, "changed the number of processes"},
      {"thread_left", input_modified, "changed the number of threads"},
      {"memory_asked", run_oom, "returned -11"},
      {"memory_touched", run_oom, "signal 11"},
      {"output", run_timeout, "out of time after"},
      {"big_file", run_crash, "signal SIGXFSZ"},
      {"descriptors", input_modified, "changed the number of open files"},
      {"half_result", no_result, "exit code 0 without a result"},
      {"two_results", no_result, "gave 2 results"},
      {"denormals", input_modified, "changed the rounding or denormal mode"},
      {"rounding", input_modified, "changed the rounding or denormal mode"},
      {"signal_mask", input_modified, "changed the signal mask"},
      {"working_directory", input_modified, "changed the working directory"},
      {"affinity", input_modified, "changed the CPUs it may run on"},
  };
  return all;
}

BundleCase case_of(const std::string& bug, const char* object) {
  BundleCase c;
  c.id = bug;
  c.candidate = {Problem::parse("1x6x7x5 | dw 3x3"), {}, any_host()};
  c.timed.outcome = Outcome::ok;
  c.timed.symbol = "bug_" + bug;
  c.timed.object = object;
  return c;
}

class HostileRun : public testing::Test {
 protected:
  HostileRun() {
    std::vector<BundleCase> cases = {case_of("none", HALCYON_PLANTED_BUGS)};
    for (const Mischief& m : all_mischief())
      cases.push_back(case_of(m.bug, HALCYON_PLANTED_MISCHIEF));
    bundle_ = make_bundle("bundle", any_host(), cases, "");
    files_ = files_in_bundle();
  }
  Measured check(const std::string& id, double wall_seconds, Isolation level) {
    return meter_.check(bundle_, id,
                        {.wall_seconds = wall_seconds,
                         .memory_bytes = std::int64_t{1} << 30,
                         .file_bytes = 1 << 20,
                         .isolation = level});
  }
  /// Checks one, and a right one after it.
  void expect(const Mischief& m, Isolation level) {
    SCOPED_TRACE(m.bug + (" at " + to_text(level)));
    const double limit = m.outcome == Outcome::run_timeout ? 0.5 : 20;
    const auto begun = std::chrono::steady_clock::now();
    const Measured bad = check(m.bug, limit, level);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    EXPECT_EQ(to_text(bad.outcome), to_text(m.outcome)) << bad.detail;
    EXPECT_NE(bad.detail.find(m.detail), bad.detail.npos) << bad.detail;
    EXPECT_FALSE(bad.check.passed);
    EXPECT_LE(took.count(), limit + 1);
    EXPECT_EQ(left_.processes(), 0);
    std::filesystem::remove("big");  // it asked for it by name
    EXPECT_EQ(left_.files(), 1);     // the bundle
    EXPECT_EQ(files_in_bundle(), files_);
    EXPECT_EQ(check("none", 20, level).outcome, Outcome::ok);
  }
  int files_in_bundle() const {
    return static_cast<int>(std::distance(std::filesystem::directory_iterator(bundle_.folder), {}));
  }

  LeftBehind left_;
  Bundle bundle_;
  int files_ = 0;
  const Meter meter_{any_host()};
};

TEST_F(HostileRun, EveryFaultGetsItsOutcomeLeavesNothingAndTheRunGoesOn) {
  const bool one_cpu = allowed_cpus().size() == 1;  // then nobody can take one away
  for (const Mischief& m : all_mischief())
    if (m.bug != std::string("affinity") || !one_cpu) expect(m, strongest_isolation());
}

TEST_F(HostileRun, WeakerLevelsHoldWhatEscapesItsSession) {
  for (int level = 0; level < static_cast<int>(strongest_isolation()); level++)
    for (const Mischief& m : all_mischief())
      if (m.bug == std::string("daemon") || m.bug == std::string("ignored_sigterm"))
        expect(m, static_cast<Isolation>(level));
}

}  // namespace
}  // namespace halcyon
