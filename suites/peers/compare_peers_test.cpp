#include "suites/peers/compare_peers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <fstream>

#include "schedules/fence/left_behind.h"
#include "suites/meters/any_host.h"
#include "suites/peers/peer.h"

namespace halcyon {
namespace {

using Floats = std::vector<float>;

/// Speaks the protocol for a network whose output is its input. $1: what it does wrong, and where;
/// $2: ns of an inference; $3: the descriptor.
const char* const kFake = R"sh(
mode=$1 ns=$2 outputs=0
eval "exec 4>&${3#--result-fd=}"
echo "what a framework prints"
while read -r request argument; do
  [ $request = output ] && outputs=$((outputs + 1))
  case $mode:$request in
    $request-hangs:*) sleep 1000 ;;
    $request-crashes:*) echo "the reason" >&2; kill -SEGV $$ ;;
    $request-garbage:*) echo "ok maybe 7 8 9" >&4 ;;
    $request-silly:*) echo "what?" >&4 ;;
    $request-fails:*) echo "error cannot $request" >&4 ;;
    *:probe) echo "ok 100.5 50.5" >&4 ;;
    *:hello) echo "ok fake 1.2.3 threads=1 fast" >&4 ;;
    low:dtype | off:dtype | quantises:dtype) dtype=$argument; echo "ok threads=1 $dtype" >&4 ;;
    low:load | off:load) echo "ok precision=$dtype" >&4 ;;
    quantises:load) [ "$(stat -c %Y fake.sh)" = 0 ] || { sleep 1; touch -d @0 fake.sh; }
      echo "ok precision=$dtype" >&4 ;;
    other-files:load) echo "ok out=i8" >&4 ;;
    own-choice:load) echo "ok precision=bf16 in=f32 out=f32 nchw, others inside" >&4 ;;
    *:dtype) echo "error no such request: 'dtype'" >&4 ;;
    *:threads | *:load) echo ok >&4 ;;
    *:input) input=$argument; echo "ok $(($(wc -c <"$argument") / 4))" >&4 ;;
    noisy:run) echo "ok $((argument * ns)) $((argument * ns / 10))" >&4 ;;
    *:run) echo "ok $((argument * ns)) 0" >&4 ;;
    low:output | own-choice:output) tr '\200' '\201' <"$input" >"$argument"; echo "ok 4" >&4 ;;
    wrong:output | off:output) tr '\100' '\101' <"$input" >"$argument"; echo "ok 4" >&4 ;;
    nan:output) tr '\000-\377' '\377' <"$input" >"$argument"; echo "ok 4" >&4 ;;
    short:output) head -c 8 "$input" >"$argument"; echo "ok 2" >&4 ;;
    late-wrong:output) [ $outputs -gt 1 ] && input=/dev/null
      cat "$input" >"$argument"; echo "ok 4" >&4 ;;
    *:output) cat "$input" >"$argument"; echo "ok 4" >&4 ;;
    *:quit) exit ;;
  esac
done
)sh";

class Peers : public testing::Test {
 protected:
  Peers() {
    std::ofstream("fake.sh") << kFake;
    task.device = device.get();
    task.own = task.prober = fake("halcyon", "right", 5'000'000);
    task.model = "fake.sh";  // whatever: they load nothing
    task.input = Floats{1, 2, 3, 4};
    task.expected = {Floats{1, 2}, Floats{3, 4}};
    task.macs = {1000, 900};
    task.cpus = {0};
    task.patience = {.meet = 10, .load = 10, .file = 10, .probe = 10, .run = 1, .inference = 0};
    task.protocol.case_cap_seconds = 5;
  }
  PeerProgram fake(const std::string& name, const std::string& mode, int ns) {
    return {name, {"sh", "fake.sh", mode, std::to_string(ns)}, ""};
  }
  /// How one fake peer of that kind fares.
  PeerResult against(const std::string& mode) {
    task.peers = {fake("peer", mode, 8'000'000)};
    const PeerComparison c = compare_with_peers(task);
    EXPECT_EQ(check_peer_comparison(c, task.macs), "");
    EXPECT_EQ(left.processes(), 0) << mode;
    EXPECT_EQ(left.files(), 1) << mode;
    return c.peers.at(0);
  }
  const LeftBehind left;
  const std::unique_ptr<Device> device = open_device(any_host());
  PeerTask task;
};

TEST_F(Peers, ThoseThatComputeTheNetworkHaveATimeAndARatioToOurs) {
  task.peers = {fake("slow", "right", 10'000'000), fake("quick", "right", 4'000'000)};
  const PeerComparison c = compare_with_peers(task);
  EXPECT_EQ(check_peer_comparison(c, task.macs), "");
  EXPECT_EQ(c.inferences, 5);
  EXPECT_EQ(c.own.outcome, PeerOutcome::ok) << c.own.detail;
  EXPECT_EQ(c.own.statistics->median_ns, 5e6);
  EXPECT_EQ(c.own.name, "halcyon");
  ASSERT_EQ(c.peers.size(), 2u);
  EXPECT_EQ(c.peers[0].name, "slow");
  EXPECT_EQ(c.peers[0].version, "1.2.3");
  EXPECT_EQ(c.peers[0].options, "threads=1 fast");
  EXPECT_EQ(c.peers[0].max_error, 0);
  EXPECT_EQ(c.peers[0].ratio->estimate, 2);
  EXPECT_EQ(c.peers[1].ratio->estimate, 0.8);
  EXPECT_EQ(c.best, "quick");
  EXPECT_EQ(left.processes(), 0);
}

TEST_F(Peers, OneThatIsNotInstalledIsAbsent) {
  task.peers = {{"peer", {"/no/such/python"}, ""}, {"other", {}, "`make peers` installs it"}};
  const PeerComparison c = compare_with_peers(task);
  EXPECT_EQ(c.peers[0].outcome, PeerOutcome::absent);
  EXPECT_EQ(c.peers[0].detail, "/no/such/python: No such file or directory");
  EXPECT_EQ(c.peers[1].outcome, PeerOutcome::absent);
  EXPECT_EQ(c.peers[1].detail, "`make peers` installs it");
  EXPECT_EQ(c.own.outcome, PeerOutcome::ok);
  EXPECT_EQ(c.best, "");
}

TEST_F(Peers, OneThatCannotLoadTheNetworkIsAbsentWithItsReason) {
  for (const std::string at : {"threads", "hello", "load", "input"}) {
    const PeerResult r = against(at + "-fails");
    EXPECT_EQ(r.outcome, PeerOutcome::absent);
    EXPECT_EQ(r.detail, "cannot " + at);
  }
  EXPECT_EQ(against("load-crashes").detail, "signal SIGSEGV: the reason");
}

TEST_F(Peers, OneThatIsAskedForLessThanF32SaysWhatItComputedIn) {
  task.dtype = "i8";
  const PeerResult r = against("low");
  EXPECT_EQ(r.outcome, PeerOutcome::ok) << r.detail;
  EXPECT_EQ(r.precision, "i8");
  EXPECT_EQ(r.options, "threads=1 i8");
  EXPECT_GT(r.max_error, task.tolerance) << "which is of f32";
  EXPECT_GT(r.sqnr_db, 0);
  EXPECT_TRUE(r.mixed_precision);
  EXPECT_EQ(r.ratio->estimate, 1.6);
}

TEST_F(Peers, OneThatQuantisedInItsFirstProcessIsStartedAnewAllTheSame) {
  task.patience.renew = 0.5;  // what was quantised is kept: the next one is ready at once
  task.dtype = "i8";
  const PeerResult r = against("quantises");
  EXPECT_EQ(r.outcome, PeerOutcome::ok) << r.detail;
  EXPECT_GT(r.samples.back().process, 0);
}

TEST_F(Peers, OneOfTheFirstVersionGoesOnWorkingAndHasNoOtherDtype) {
  const PeerResult f32 = against("right");
  EXPECT_EQ(f32.outcome, PeerOutcome::ok) << f32.detail;
  EXPECT_EQ(f32.precision, "f32");
  task.dtype = "bf16";
  const PeerResult r = against("right");
  EXPECT_EQ(r.outcome, PeerOutcome::absent);
  EXPECT_EQ(r.detail, "no such request: 'dtype'");
}

TEST_F(Peers, OneThatChoosesItsPrecisionItselfIsOfThatPrecision) {
  task.peers = {fake("chooses", "own-choice", 2'000'000), fake("right", "right", 6'000'000)};
  const PeerComparison c = compare_with_peers(task);
  EXPECT_EQ(c.peers[0].precision, "bf16");
  EXPECT_EQ(c.peers[0].layout, "nchw, others inside");
  EXPECT_TRUE(c.peers[0].mixed_precision);
  EXPECT_EQ(c.best, "right");
}

TEST_F(Peers, OneThatIsFarOffInLessThanF32IsDoubtful) {
  task.dtype = "i8";
  const PeerResult r = against("off");
  EXPECT_EQ(r.outcome, PeerOutcome::ok) << r.detail;
  EXPECT_LT(r.sqnr_db, 0);
  EXPECT_TRUE(r.doubtful);
}

TEST_F(Peers, OneWhoseFilesHoldAnotherDtypeIsAbsent) {
  const PeerResult r = against("other-files");
  EXPECT_EQ(r.outcome, PeerOutcome::absent);
  EXPECT_EQ(r.detail, "it gives i8, and the output is f32");
}

TEST_F(Peers, OneThatIsWrongHasNoFigure) {
  for (const std::string mode : {"wrong", "nan", "short"}) {
    const PeerResult r = against(mode);
    EXPECT_EQ(r.outcome, PeerOutcome::wrong) << mode << ": " << r.detail;
    EXPECT_FALSE(r.statistics || r.ratio);
    EXPECT_TRUE(r.samples.empty());
  }
  EXPECT_EQ(against("short").detail, "its output has 2 elements, allowed 4");
  EXPECT_EQ(against("nan").detail, "its output is not finite");
}

TEST_F(Peers, OneThatIsWrongAfterTheTurnsHasNoFigureEither) {
  task.protocol.processes = 1;  // the last one is asked, and it has to be old enough
  const PeerResult r = against("late-wrong");
  EXPECT_EQ(r.outcome, PeerOutcome::wrong);
  EXPECT_EQ(r.detail, "after the turns: its output has 0 elements, allowed 4");
  EXPECT_TRUE(r.samples.empty());
}

TEST_F(Peers, OneThatHangsCrashesOrTalksNonsenseHasFailed) {
  for (const auto& [mode, why] : std::vector<std::pair<std::string, std::string>>{
           {"run-hangs", "no answer within 1 s to 'run 1': what a framework prints"},
           {"run-crashes", "signal SIGSEGV: the reason"},
           {"run-garbage", "'ok maybe 7 8 9' is no answer to 'run 1'"},
           {"run-silly", "'what?' is no answer to 'run 1'"},
           {"run-fails", "cannot run"}}) {
    const PeerResult r = against(mode);
    EXPECT_EQ(r.outcome, PeerOutcome::failed) << mode;
    EXPECT_EQ(r.detail, why);
  }
}

TEST_F(Peers, OneWhoseTurnsAreAllDisturbedIsNoisy) {
  task.protocol.case_cap_seconds = 0.3;
  const PeerResult r = against("noisy");
  EXPECT_EQ(r.outcome, PeerOutcome::noisy);
  EXPECT_FALSE(r.samples.empty());
  EXPECT_FALSE(r.statistics || r.ratio);
}

TEST_F(Peers, WithoutOursNobodyIsTimed) {
  task.own = fake("halcyon", "wrong", 5'000'000);
  const PeerResult r = against("right");
  EXPECT_EQ(r.outcome, PeerOutcome::noisy);
  EXPECT_EQ(r.detail, "not timed: ours takes no part");
  task.own = task.prober;
  task.prober = fake("halcyon", "probe-crashes", 0);
  EXPECT_NE(against("right").detail.find("no probe: signal SIGSEGV: the reason"),
            std::string::npos);
}

TEST_F(Peers, AnInterruptEndsAllOfThemAndIsNobodysFailure) {
  task.peers = {fake("peer", "right", 5'000'000)};
  interrupted_by = SIGTERM;
  EXPECT_THROW(compare_with_peers(task), Interrupted);
  interrupted_by = 0;
  EXPECT_EQ(left.processes(), 0);
  EXPECT_EQ(left.files(), 1) << "but for the fake";
}

TEST(PeerPrograms, EveryAdapterOfTheProjectIsFoundByItsName) {
  std::vector<std::string> names;
  for (const PeerProgram& p : peer_programs(HALCYON_SOURCE_DIR)) names.push_back(p.name);
  EXPECT_EQ(names, (std::vector<std::string>{"litert", "ncnn", "onednn", "onnxruntime", "openvino",
                                             "openvino_default"}));
  for (const PeerProgram& p : peer_programs("/no/such/folder")) ADD_FAILURE() << p.name;
}

}  // namespace
}  // namespace halcyon
