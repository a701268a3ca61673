// What a kernel of a network may do wrong, before, while and after it is timed.
#include "suites/meters/any_host.h"
#include "suites/meters/network_sample.h"

namespace halcyon {
namespace {

/// A network of one call to a kernel with a bug planted: suites/runner/check/planted_bugs.cpp.
class PlantedNetwork : public testing::Test {
 protected:
  Bundle bundle(const std::string& bug) {
    plan_.network = "planted";
    plan_.tensors = {{"image", {1, 6, 7, 5}, PlanTensor::input},
                     {"result", {1, 6, 7, 5}, PlanTensor::output}};
    plan_.outputs = {1};
    add_call(plan_, "only", "1x6x7x5 | dw 3x3", {0, 1});
    BundleCase c;
    c.id = bug;
    c.candidate = {plan_.calls[0].problem, {}, any_host()};
    c.timed.outcome = Outcome::ok;
    c.timed.symbol = "bug_" + bug;
    c.timed.object = HALCYON_PLANTED_BUGS;
    return make_network_bundle(folder_.path() + "/made", any_host(), with_sets(plan_), {c}, "");
  }
  void expect(const NetworkMeasured& m, const char* outcome, const std::string& detail) {
    EXPECT_EQ(to_text(m.outcome), outcome) << m.detail;
    EXPECT_NE(m.detail.find(detail), m.detail.npos) << m.detail;
    EXPECT_TRUE(m.samples.empty());
    EXPECT_FALSE(m.calls);
  }
  TemporaryFolder folder_;
  Plan plan_;
  NetworkMeter meter_{any_host()};
};

TEST_F(PlantedNetwork, OutputsAreCheckedBeforeTiming) {
  expect(meter_.measure(bundle("dropped_column"), quick()), "wrong",
         "30 of 210 elements of result were never written, the first result at n0 h0 w6 c0");
}
TEST_F(PlantedNetwork, OutputsAreCheckedAfterTiming) {
  expect(meter_.measure(bundle("idle_when_timed"), quick()), "wrong",
         "after the timed loop: input set 0: 210 of 210 elements of result were never written");
}
TEST_F(PlantedNetwork, ACrashIsAnOutcome) {
  expect(meter_.check(bundle("sigsegv")), "run_crash", "call 'only': signal 11");
}
TEST_F(PlantedNetwork, ACrashWhileTimingIsAnOutcome) {
  expect(meter_.measure(bundle("crash_when_timed"), quick()), "run_crash", "call 'only': signal 4");
}
TEST_F(PlantedNetwork, AProcessThatIsKilledIsAnOutcome) {
  expect(meter_.measure(bundle("killed_when_timed"), quick()), "run_crash", "SIGKILL");
}
TEST_F(PlantedNetwork, AHangIsCut) {
  expect(meter_.check(bundle("hang"), {.wall_seconds = 1}), "run_timeout", "out of time after");
}
TEST_F(PlantedNetwork, AChangedInputIsFound) {
  expect(meter_.check(bundle("modified_input")), "input_modified", "the run changed its input");
}
TEST_F(PlantedNetwork, AResultThatDiffersTheSecondTimeIsFound) {
  expect(meter_.check(bundle("second_call_differs")), "nondeterministic",
         "gives other outputs the second time");
}
TEST_F(PlantedNetwork, AKernelThatGivesAnErrorIsNamed) {
  expect(meter_.check(bundle("returns_error")), "wrong", "call 'only': returned -27");
}
TEST_F(PlantedNetwork, NaNIsFound) {
  expect(meter_.check(bundle("one_nan")), "nonfinite", "result at n0 h5 w6 c4: found nan");
}

}  // namespace
}  // namespace halcyon
