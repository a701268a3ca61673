#include "suites/peers/compare_cases.h"

#include <fstream>
#include <set>

#include "schedules/fence/left_behind.h"
#include "suites/meters/any_host.h"

namespace halcyon {
namespace {

/// Speaks the protocol for problems whose output is their input. $1: its name, under which it
/// writes down what it is asked for; $2: what it does wrong, and with which file; $3: ns of an
/// inference; $4: the descriptor.
const char* const kFake = R"sh(
name=$1 mode=$2 ns=$3
eval "exec 4>&${4#--result-fd=}"
echo "$name starts" >>log
while read -r request argument; do
  case $request in load | quit) echo "$name $request ${argument##*/}" >>log ;; esac
  [ $request = load ] && loaded=$argument
  case $mode:$request:$loaded in
    no-form:load:*/1/*) echo "error no form of it" >&4 ;;
    crash:run:*/1/*) kill -SEGV $$ ;;
    noisy:run:*) echo "ok $((argument * ns)) $((argument * ns / 10))" >&4 ;;
    wrong:output:*/1/*) head -c 16 /dev/zero >"$argument"; echo "ok 4" >&4 ;;
    *:probe:*) echo "ok 100.5 50.5" >&4 ;;
    *:hello:*) echo "ok fake 1.2.3 fast" >&4 ;;
    *:threads:*) echo ok >&4 ;;
    *:load:*) echo "ok nhwc; by a loop" >&4 ;;
    *:input:*) input=$argument; echo "ok $(($(wc -c <"$argument") / 4))" >&4 ;;
    *:run:*) echo "ok $((argument * ns)) 0" >&4 ;;
    *:output:*) cat "$input" >"$argument"; echo "ok 4" >&4 ;;
    *:quit:*) exit ;;
  esac
done
)sh";

class ComparedCases : public testing::Test {
 protected:
  ComparedCases() {
    std::ofstream("fake.sh") << kFake;
    who.device = device.get();
    who.own = fake("halcyon", "right", 5'000'000);
    who.prober = fake("prober", "right", 0);
    who.cpus = {0};
    who.patience = {.meet = 10, .load = 10, .file = 10, .probe = 10, .run = 5, .inference = 0};
    who.protocol = case_contest_protocol();
    who.protocol.case_cap_seconds = 60;  // a busy machine is no reason to fail
    for (const char* id : {"first", "second", "third"})
      cases.push_back({id, Problem::parse("1x1x1x4 | gap"), 1});
  }
  static PeerProgram fake(const std::string& name, const std::string& mode, int ns) {
    return {name, {"sh", "fake.sh", name, mode, std::to_string(ns)}, ""};
  }
  std::vector<PeerComparison> compared(const std::string& mode) {
    who.peers = {fake("peer", mode, 8'000'000)};
    const auto all = compare_cases(who, cases);
    for (const PeerComparison& c : all) EXPECT_EQ(check_peer_comparison(c, {0, 0}), "");
    EXPECT_EQ(left.processes(), 0);
    return all;
  }
  static int said(const std::string& line) {
    std::ifstream log("log");
    int times = 0;
    for (std::string one; std::getline(log, one);) times += one == line;
    return times;
  }
  const LeftBehind left;
  const std::unique_ptr<Device> device = open_device(any_host());
  PeerTask who;
  std::vector<ComparedCase> cases;
};

TEST_F(ComparedCases, ServeAllCasesFromOneProcessAPassAndTheirRoundsAreTogether) {
  std::vector<std::string> told;
  who.peers = {fake("slow", "right", 10'000'000), fake("quick", "right", 4'000'000)};
  const auto all = compare_cases(who, cases, [&](std::size_t of, int pass) {
    told.push_back(std::to_string(pass) + cases[of].id);
  });
  ASSERT_EQ(all.size(), 3u);
  const int passes = who.protocol.processes;
  EXPECT_EQ(said("slow starts"), passes);
  EXPECT_EQ(said("halcyon starts"), passes);
  EXPECT_EQ(said("halcyon load second"), passes);
  EXPECT_EQ(said("slow load problem.onnx"), 3 * passes);
  ASSERT_EQ(told.size(), std::size_t(3 * passes));
  EXPECT_EQ(told[0] + " " + told[2] + " " + told[3], "0first 0third 1first");
  for (const PeerComparison& c : all) {
    EXPECT_EQ(check_peer_comparison(c, {0, 0}), "");
    EXPECT_EQ(c.own.outcome, PeerOutcome::ok) << c.own.detail;
    EXPECT_EQ(c.own.layout, "nhwc; by a loop");
    EXPECT_EQ(c.inferences, 2);
    EXPECT_EQ(c.peers[0].ratio->estimate, 2);
    EXPECT_EQ(c.best, "quick");
    EXPECT_GE(c.own.samples.size(), std::size_t(who.protocol.wanted_samples));
    std::set<int> processes, orders;
    for (const PeerResult* r : {&c.own, &c.peers[0], &c.peers[1]})
      for (const Sample& s : r->samples) {
        processes.insert(s.process.value());
        EXPECT_TRUE(orders.insert(s.order).second) << s.order;
      }
    EXPECT_EQ(processes.size(), std::size_t(passes));
  }
}

TEST_F(ComparedCases, WhatIsNotThereOrWrongInOneCaseIsSoInThatAlone) {
  for (const auto& [mode, outcome, why] :
       std::vector<std::tuple<std::string, PeerOutcome, std::string>>{
           {"no-form", PeerOutcome::absent, "no form of it"},
           {"crash", PeerOutcome::failed, "signal SIGSEGV"},
           {"wrong", PeerOutcome::wrong, "off by "}}) {
    std::ofstream("log").close();
    const auto all = compared(mode);
    EXPECT_EQ(all[0].peers[0].outcome, PeerOutcome::ok) << mode;
    EXPECT_EQ(all[1].peers[0].outcome, outcome) << mode;
    EXPECT_EQ(all[1].peers[0].detail.substr(0, why.size()), why);
    EXPECT_TRUE(all[1].peers[0].samples.empty());
    EXPECT_EQ(all[2].peers[0].outcome, PeerOutcome::ok) << mode << all[2].peers[0].detail;
    EXPECT_EQ(all[1].own.outcome, PeerOutcome::ok);
    EXPECT_EQ(said("peer starts"), who.protocol.processes * (mode == "crash" ? 2 : 1));
  }
}

TEST_F(ComparedCases, AreNoisyWhenAllPassesTogetherHaveTooFewRounds) {
  who.protocol.case_cap_seconds = 0.2;
  cases.resize(1);
  const PeerResult r = compared("noisy")[0].peers[0];
  EXPECT_EQ(r.outcome, PeerOutcome::noisy);
  EXPECT_NE(r.detail.find(" rounds were undisturbed, 15 are needed"), std::string::npos)
      << r.detail;
  EXPECT_FALSE(r.ratio);
}

TEST_F(ComparedCases, WhoIsOfProblemsLoadsTheDescription) {
  who.peers = {fake("peer", "right", 8'000'000)};
  who.peers[0].of_problems = true;
  cases.resize(1);
  EXPECT_EQ(compare_cases(who, cases)[0].peers[0].outcome, PeerOutcome::ok);
  EXPECT_EQ(said("peer load problem.json"), who.protocol.processes);
}

TEST_F(ComparedCases, AnInterruptEndsAllOfThem) {
  who.peers = {fake("peer", "right", 8'000'000)};
  interrupted_by = SIGTERM;
  EXPECT_THROW(compare_cases(who, cases), Interrupted);
  interrupted_by = 0;
  EXPECT_EQ(left.processes(), 0);
}

TEST(PassesOfACase, ARoundCountsWhereAllWhoAreTimedHaveIt) {
  const auto result = [](const char* name, int samples, PeerOutcome outcome) {
    PeerResult r;
    r.name = name, r.outcome = outcome, r.max_error = 1e-6;
    for (int i = 0; i < samples; i++)
      r.samples.push_back(
          {.ns = 100, .probe_before = 1, .probe_after = 1, .order = i, .accepted = true});
    return r;
  };
  PeerComparison pass;
  pass.error_tolerance = 1e-4;
  pass.own = result("halcyon", 9, PeerOutcome::ok);
  pass.peers = {result("one", 8, PeerOutcome::ok), result("other", 8, PeerOutcome::noisy)};
  const PeerComparison all = merged({pass, pass}, {0, 0}, 15);
  EXPECT_EQ(all.own.samples.size(), 16u);
  EXPECT_EQ(all.peers[0].outcome, PeerOutcome::ok);
  EXPECT_EQ(all.peers[1].outcome, PeerOutcome::ok) << "what was too little alone";
  EXPECT_EQ(merged({pass}, {0, 0}, 15).peers[0].outcome, PeerOutcome::noisy);
  PeerComparison failed = pass;
  failed.peers[0] = result("one", 0, PeerOutcome::failed);
  failed.peers[0].detail = "why";
  const PeerComparison with = merged({pass, failed, pass}, {0, 0}, 15);
  EXPECT_EQ(with.peers[0].outcome, PeerOutcome::failed);
  EXPECT_EQ(with.peers[0].detail, "why");
  EXPECT_TRUE(with.peers[0].samples.empty());
  EXPECT_EQ(with.peers[1].samples.size(), 24u);
}

TEST(ProblemPeerPrograms, AreTheFieldsKernelsAndTwoThatRunModels) {
  std::string names;
  for (const PeerProgram& p : problem_peers(HALCYON_SOURCE_DIR))
    names += p.name + (p.of_problems ? " (problems) " : " ");
  EXPECT_EQ(names, "litert onednn (problems) onnxruntime ");
}

}  // namespace
}  // namespace halcyon
