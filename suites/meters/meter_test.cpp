// The whole way from a bundle to its results, on kernels with planted bugs
// (suites/runner/check/planted_bugs.cpp) in place of compiled ones. Whatever is planted, the check
// must name it, and no time may be stated.
#include "suites/meters/meter.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "kernels/error.h"
#include "results/files/temporary_folder.h"
#include "suites/meters/any_host.h"

namespace halcyon {
namespace {

const std::string kProblem = "1x6x7x5 | dw 3x3";  // no extent equals another

struct Planted {
  std::string bug;
  Outcome outcome;
  std::string detail;  // a part of it
};

const std::vector<Planted>& planted() {
  static const std::vector<Planted> all = {
      {"none", Outcome::ok, ""},
      {"none_scratch", Outcome::ok, ""},
      {"dropped_column", Outcome::wrong,
       "30 of 210 elements of out were never written, the first out at n0 h0 w6 c0"},
      {"zeroed_column", Outcome::wrong, "out at n0 h0 w6 c0: found 0, expected "},
      {"swapped_strides", Outcome::wrong, "out at n0 h0 w1 c0: found "},
      {"one_nan", Outcome::nonfinite, "out at n0 h5 w6 c4: found nan, expected "},
      {"pad_side", Outcome::wrong, "out at n0 h0 w0 c0: found "},
      {"untouched", Outcome::wrong, "210 of 210 elements of out were never written"},
      {"zeros", Outcome::wrong, "found 0, expected "},
      {"one_element_off", Outcome::wrong, "out at n0 h4 w3 c2: found "},
      {"read_past_1", Outcome::out_of_bounds, "read in 1 byte past its end"},
      {"read_past_16", Outcome::out_of_bounds, "read in 16 bytes past its end"},
      {"read_past_64", Outcome::out_of_bounds, "read w 64 bytes past its end"},
      {"read_past_row", Outcome::out_of_bounds, "read in 100000 bytes past its end"},
      {"read_before_1", Outcome::out_of_bounds, "read in 1 byte before its start"},
      {"read_before_64", Outcome::out_of_bounds, "read out 64 bytes before its start"},
      {"write_past_1", Outcome::out_of_bounds, "wrote out 1 byte past its end"},
      {"write_past_64", Outcome::out_of_bounds, "wrote out 64 bytes past its end"},
      {"write_before_1", Outcome::out_of_bounds, "wrote out 1 byte before its start"},
      {"write_before_16", Outcome::out_of_bounds, "wrote in 16 bytes before its start"},
      {"modified_input", Outcome::input_modified, "the call changed its input in"},
      {"unset_scratch", Outcome::nonfinite, "out at n0 h0 w0 c0: found nan"},
      {"scratch_overrun", Outcome::out_of_bounds, "wrote 1 byte past a scratch block of 300"},
      {"second_call_differs", Outcome::nondeterministic,
       "1 of 210 elements of out differ between two calls, the first out at n0 h0 w0 c0"},
      {"sigsegv", Outcome::run_crash, "signal 11 (Segmentation fault), write at 0x10"},
      {"sigfpe", Outcome::run_crash, "signal 8"},
      {"sigill", Outcome::run_crash, "signal 4"},
      {"abort", Outcome::run_crash, "signal 6"},
      {"stack_overflow", Outcome::run_crash, "signal 11"},
      {"hang", Outcome::run_timeout, "out of time after"},
      {"exit", Outcome::no_result, "exit code 0 without a result"},
      {"forged_result", Outcome::no_result, "exit code 0 without a result"},
      {"returns_error", Outcome::wrong, "returned -27"},
      {"halide_bounds", Outcome::out_of_bounds, "Input buffer in is accessed at 7"},
  };
  return all;
}

/// Bugs that only show when the kernel is timed; their check passes.
const std::vector<std::string> kTimedOnly = {"idle_when_timed", "idle_unless_poisoned",
                                             "crash_when_timed", "killed_when_timed"};

Compiled compiled(const std::string& bug) {
  Compiled c;
  c.outcome = Outcome::ok;
  c.symbol = "bug_" + bug;
  c.object = HALCYON_PLANTED_BUGS;
  return c;
}

BundleCase case_of(const std::string& bug) {
  BundleCase c;
  c.id = bug;
  c.candidate = {Problem::parse(kProblem), {}, any_host()};
  c.timed = compiled(bug);
  return c;
}

/// One bundle for all tests: linking takes longer than any of them.
class Meters : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder();
    std::vector<BundleCase> cases;
    for (const auto& p : planted()) cases.push_back(case_of(p.bug));
    for (const auto& bug : kTimedOnly) cases.push_back(case_of(bug));
    cases.push_back(case_of("none"));
    cases.back().id = "checked_out_of_bounds";
    cases.back().checked = compiled("halide_bounds");
    cases.push_back(case_of("none"));
    cases.back().id = "checked_fine";
    cases.back().checked = compiled("none_scratch");
    bundle_ = new Bundle(make_bundle(folder_->path() + "/made", any_host(), cases, ""));
  }
  static void TearDownTestSuite() {
    delete bundle_;
    delete folder_;
  }

  Measured check(const std::string& id) {
    return meter_.check(*bundle_, id, {.wall_seconds = id == "hang" ? 1.0 : 20.0});
  }
  /// Few samples, all accepted: what is tested is not the machine.
  static Protocol quick() {
    return {.probe_gate = 0,
            .read_gate = 0,
            .wanted_samples = 5,
            .least_samples = 5,
            .queue_delay_limit = 1e9};
  }
  std::vector<Measured> time(const std::vector<std::string>& ids, const Protocol& p = quick()) {
    return meter_.time(*bundle_, ids, p, [](const Measured&) {});
  }

  static TemporaryFolder* folder_;
  static Bundle* bundle_;
  const Meter meter_{any_host()};
};
TemporaryFolder* Meters::folder_ = nullptr;
Bundle* Meters::bundle_ = nullptr;

TEST_F(Meters, EveryPlantedBugIsNamedByTheCheck) {
  for (const Planted& p : planted()) {
    const Measured m = check(p.bug);
    EXPECT_EQ(m.id, p.bug);
    EXPECT_EQ(to_text(m.outcome), to_text(p.outcome)) << p.bug << ": " << m.detail;
    EXPECT_NE(m.detail.find(p.detail), m.detail.npos) << p.bug << ": " << m.detail;
    EXPECT_EQ(m.detail.find('\n'), m.detail.npos) << p.bug;
    EXPECT_EQ(m.check.passed, p.outcome == Outcome::ok) << p.bug;
    EXPECT_EQ(m.detail.empty(), p.outcome == Outcome::ok) << p.bug;
    EXPECT_TRUE(m.samples.empty()) << p.bug;
  }
}

TEST_F(Meters, ACheckSaysWhatItDid) {
  const Measured m = check("none");
  EXPECT_EQ(m.check.input_sets, 2);
  EXPECT_TRUE(m.check.guard_pages);
  EXPECT_FALSE(m.check.checked_build);
  EXPECT_GT(m.check.tolerance_abs, 0);
  EXPECT_GT(m.check.tolerance_rel, 0);
  EXPECT_LE(m.check.max_abs, 1e-4);
  EXPECT_GT(m.check.cosine, 0.999999);
}

TEST_F(Meters, HalidesOwnChecksAreHeardWhereTheBundleHasThem) {
  const Measured bad = check("checked_out_of_bounds");
  EXPECT_EQ(bad.outcome, Outcome::out_of_bounds);
  EXPECT_EQ(bad.detail,
            "with Halide's checks: Input buffer in is accessed at 7, which is beyond the max (6)");
  const Measured fine = check("checked_fine");
  EXPECT_EQ(fine.outcome, Outcome::ok) << fine.detail;
  EXPECT_TRUE(fine.check.checked_build);
}

TEST_F(Meters, ARightKernelGetsSamples) {
  for (const CacheState state : {CacheState::warm, CacheState::cold_weights, CacheState::cold}) {
    Protocol protocol = quick();
    protocol.state = state;
    const auto all = time({"none", "none_scratch"}, protocol);
    ASSERT_EQ(all.size(), 2u);
    std::set<int> orders;
    for (const Measured& m : all) {
      EXPECT_EQ(m.outcome, Outcome::ok) << m.detail;
      EXPECT_TRUE(m.check.passed);
      ASSERT_EQ(m.samples.size(), 5u);
      for (const Sample& s : m.samples) {
        EXPECT_GT(s.ns, 0);
        EXPECT_GE(s.iterations, 1);
        EXPECT_TRUE(s.iterations == 1 || state != CacheState::cold);
        EXPECT_GT(s.probe_before, 0);
        EXPECT_GT(s.probe_after, 0);
        EXPECT_TRUE(s.accepted);
        EXPECT_TRUE(orders.insert(s.order).second);
      }
    }
    EXPECT_EQ(*orders.rbegin(), 9);
  }
}

TEST_F(Meters, ABugIsNeverReportedAsATime) {
  // All at once: what crashes must not take the others' findings along.
  std::vector<std::string> ids;
  std::vector<const Planted*> asked;
  for (const Planted& p : planted()) {
    // Strays and unsteadiness are the check's to find: the buffers of a timing have no guard pages.
    const bool only_checked =
        p.outcome == Outcome::out_of_bounds || p.outcome == Outcome::nondeterministic;
    if (only_checked || p.outcome == Outcome::ok || p.outcome == Outcome::run_timeout) continue;
    if (p.bug == "unset_scratch") continue;  // likewise
    ids.push_back(p.bug);
    asked.push_back(&p);
  }
  ids.push_back("none");
  const auto all = time(ids);
  ASSERT_EQ(all.size(), ids.size());
  for (std::size_t i = 0; i < asked.size(); i++) {
    EXPECT_EQ(all[i].id, ids[i]);
    EXPECT_EQ(to_text(all[i].outcome), to_text(asked[i]->outcome)) << ids[i];
    EXPECT_TRUE(all[i].samples.empty()) << ids[i];
    EXPECT_FALSE(all[i].check.passed) << ids[i];
  }
  EXPECT_EQ(all.back().outcome, Outcome::ok) << all.back().detail;
}

TEST_F(Meters, AKernelThatStopsWorkingWhenTimedIsCaughtAfterwards) {
  const auto all = time({"idle_when_timed"});
  EXPECT_EQ(all.at(0).outcome, Outcome::wrong);
  EXPECT_EQ(all.at(0).detail.find("after the timed loop: 210 of 210 elements"), 0u)
      << all.at(0).detail;
  EXPECT_TRUE(all.at(0).samples.empty());
}

TEST_F(Meters, ATimeBelowTheArithmeticIsImpossible) {
  const auto all = time({"idle_unless_poisoned"});  // right whenever somebody looks
  EXPECT_EQ(all.at(0).outcome, Outcome::impossible) << all.at(0).detail;
  EXPECT_TRUE(all.at(0).samples.empty());
}

TEST_F(Meters, ACrashWhileTimingDropsThatCaseAndRepeatsTheOthers) {
  std::vector<std::string> told;
  const auto all = meter_.time(
      *bundle_, {"none", "crash_when_timed", "killed_when_timed", "exit", "none_scratch"}, quick(),
      [&](const Measured& m) { told.push_back(m.id); });
  ASSERT_EQ(all.size(), 5u);
  EXPECT_EQ(all[0].outcome, Outcome::ok) << all[0].detail;
  EXPECT_EQ(all[1].outcome, Outcome::run_crash);
  EXPECT_EQ(all[1].detail.find("signal 4"), 0u) << all[1].detail;
  EXPECT_EQ(all[2].outcome, Outcome::run_crash);
  EXPECT_EQ(all[2].detail, "signal SIGKILL");
  EXPECT_EQ(all[3].outcome, Outcome::no_result);
  EXPECT_EQ(all[4].outcome, Outcome::ok) << all[4].detail;
  EXPECT_EQ(std::set<std::string>(told.begin(), told.end()).size(), 5u);
  EXPECT_EQ(told.size(), 5u);  // each once
}

TEST_F(Meters, AMachineThatIsNeverCalmGivesNoisyAndKeepsTheSamples) {
  Protocol protocol = quick();
  protocol.probe_gate = 2;  // no probe reaches twice the best
  protocol.case_cap_seconds = 0.05;
  const auto all = time({"none"}, protocol);
  EXPECT_EQ(all.at(0).outcome, Outcome::noisy);
  EXPECT_NE(all.at(0).detail.find("0 of "), std::string::npos) << all.at(0).detail;
  EXPECT_FALSE(all.at(0).samples.empty());
}

TEST_F(Meters, ABundleRunsWhereverItIsMoved) {
  const std::string moved = folder_->path() + "/moved away";
  std::filesystem::copy(bundle_->folder, moved);
  const Bundle there{moved, moved + "/bench", moved + "/manifest.json"};
  EXPECT_EQ(meter_.check(there, "none", {.wall_seconds = 20}).outcome, Outcome::ok);
}

TEST_F(Meters, ABundleShortOfDataSaysSo) {
  const std::string cut = folder_->path() + "/cut";
  std::filesystem::copy(bundle_->folder, cut);
  std::filesystem::resize_file(cut + "/data.bin", 100);
  const Bundle there{cut, cut + "/bench", cut + "/manifest.json"};
  const Measured m = meter_.check(there, "none", {.wall_seconds = 20});
  EXPECT_EQ(m.outcome, Outcome::infra);
  EXPECT_NE(m.detail.find("data.bin: shorter than manifest.json says"), m.detail.npos) << m.detail;
}

/// Runs `bench` as a person does.
Ended by_hand(const Bundle& bundle, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), bundle.program);
  return run_program({.wall_seconds = 30}, arguments);
}

TEST_F(Meters, ABundleIsAnOrdinaryGoogleBenchmarkProgram) {
  const Ended list = by_hand(*bundle_, {"--benchmark_list_tests"});
  EXPECT_EQ(list.code, 0);
  EXPECT_EQ(list.output.find("none\nnone_scratch\ndropped_column\n"), 0u) << list.output;

  const Ended right =
      by_hand(*bundle_, {"--benchmark_filter=^none$", "--benchmark_min_time=0.001"});
  EXPECT_EQ(right.code, 0) << right.output;
  EXPECT_NE(right.output.find("FLOP/s="), right.output.npos) << right.output;

  const Ended wrong = by_hand(*bundle_, {"--benchmark_filter=^one_nan$"});
  EXPECT_EQ(wrong.code, 1);  // Google Benchmark alone would say 0
  EXPECT_NE(wrong.output.find("ERROR OCCURRED: 'nonfinite: out at n0 h5 w6 c4"), wrong.output.npos)
      << wrong.output;

  EXPECT_EQ(by_hand(*bundle_, {"--benchmark_filter=^no_such_case$"}).code, 1);
  EXPECT_EQ(by_hand(*bundle_, {"--no_such_flag"}).code, 2);
}

TEST_F(Meters, EqualValuesAreStoredOnce) {
  // 42 cases share inputs, weights, bias and references of two sets: weights do not change.
  const auto bytes = std::filesystem::file_size(bundle_->folder + "/data.bin");
  EXPECT_LT(bytes, 6000u);
}

TEST(Meter, RatesAreOfACoreThatExists) {
  const MachineRates r = Meter(any_host()).rates();
  EXPECT_GE(r.cpu, 0);
  EXPECT_EQ(r.cpus, std::vector<int>{r.cpu});
  EXPECT_GT(r.peak_gflops, 0);
  EXPECT_GE(r.probe_spread, 0);
  EXPECT_LT(r.probe_spread, 1);
  for (const double gbs : {r.read_gbs_l1, r.read_gbs_l2, r.read_gbs_l3, r.read_gbs_dram})
    EXPECT_GT(gbs, 0);
  EXPECT_THROW(Meter(any_host()).rates(99999), Error);
}

TEST(Bundle, AToolchainThatFailsIsInfrastructure) {
  const TemporaryFolder folder;
  BundleCase c = case_of("none");
  c.timed.symbol = "no_such_symbol";
  try {
    make_bundle(folder.path(), any_host(), {c}, "");
    FAIL() << "linked";
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::infrastructure);
    EXPECT_NE(std::string(e.what()).find("linking failed"), std::string::npos) << e.what();
  }
}

TEST(Bundle, AFolderThatCannotBeWrittenIsEnvironment) {
  try {
    make_bundle("/proc/halcyon", any_host(), {case_of("none")}, "");
    FAIL() << "written";
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::environment);
  }
}

}  // namespace
}  // namespace halcyon
