// Cases with other systems beside them, on this machine: a kernel that gives what it is given, and
// a system that does, too.
#include "suites/runs/case_run.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "results/document/journal_document.h"
#include "results/files/temporary_folder.h"
#include "suites/runs/run.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

/// In the place of the peers' Python.
const char* const kEcho = R"sh(#!/bin/sh
for last; do :; done
eval "exec 4>&${last#--result-fd=}"
while read -r request argument; do
  case $request in
    hello) echo "ok fake 1.2.3 fast" >&4 ;;
    threads | load) echo ok >&4 ;;
    input) input=$argument; echo "ok 4" >&4 ;;
    run) echo "ok $((argument * 100000)) 0" >&4 ;;
    output) cat "$input" >"$argument"; echo "ok 4" >&4 ;;
    quit) exit ;;
  esac
done
)sh";

class CaseRun : public testing::Test {
 protected:
  CaseRun() {
    const std::string root = HALCYON_SOURCE_DIR, made = folder_.path() + "/root";
    const std::string python = made + "/.deps/peers/bin/python";
    fs::create_directories(fs::path(python).parent_path());
    fs::create_directories(made + "/suites/peers");
    std::ofstream(python) << kEcho;
    fs::permissions(python, fs::perms::owner_all);
    std::ofstream(made + "/suites/peers/litert_peer.py").close();
    std::ofstream(made + "/suites/peers/onednn_peer.cpp").close();
    request_.folders = {
        made, root + "/schedules/targets", root + "/suites/micro", folder_.path() + "/cache",
        "",   root + "/suites/networks"};
    request_.quick = true;
    request_.peers = true;
    request_.what = {"1x1x1x4 | gap"};
    request_.out = folder_.path() + "/out";
  }
  Document run(Verb verb) { return halcyon::run(verb, run_plan(request_), silent_); }

  const TemporaryFolder folder_;
  Request request_;
  Progress silent_{Progress::Style::silent};
};

TEST_F(CaseRun, HasOtherSystemsInTheRecordTheJournalAndTheMeans) {
  const Document d = run(Verb::bench);
  const Record& r = d.records.at(0);
  if (r.outcome == Outcome::noisy) GTEST_SKIP() << r.detail;
  ASSERT_EQ(r.outcome, Outcome::ok) << r.detail;
  ASSERT_TRUE(r.peers);
  EXPECT_EQ(check_record(r), "");
  EXPECT_EQ(r.peers->own.name, "halcyon");
  EXPECT_EQ(r.peers->own.layout, "nhwc");
  EXPECT_EQ(r.peers->own.max_error, 0);
  ASSERT_EQ(r.peers->peers.size(), 2u);
  EXPECT_EQ(r.peers->peers[0].name, "litert");
  EXPECT_EQ(r.peers->peers[0].max_error, 0) << r.peers->peers[0].detail;
  EXPECT_EQ(r.peers->peers[1].outcome, PeerOutcome::absent);
  EXPECT_EQ(r.peers->peers[1].detail, "`make peers` installs it");
  EXPECT_EQ(d.peer_means.value().back().kernel_class, "");
  EXPECT_EQ(last_run(request_.out + "/journal.jsonl").value().document.records, d.records);
}

TEST_F(CaseRun, IsMadeAnewWhereAnUnfinishedOneLacksThem) {
  request_.peers = false;
  const Document before = run(Verb::bench);
  EXPECT_FALSE(before.records.at(0).peers || before.peer_means);
  request_.peers = true;
  request_.unfinished = before.run;
  const Document after = run(Verb::bench);
  EXPECT_EQ(after.run, before.run);
  const bool both =
      before.records[0].outcome == Outcome::ok && after.records.at(0).outcome == Outcome::ok;
  EXPECT_TRUE(after.records[0].peers || !both);
}

TEST_F(CaseRun, AWayToComputeItBesideTheOwnIsNotComparedWithOthers) {
  request_.what = {"1x1x1x4 | gap | gap"};
  request_.against = {Form::apart};
  int rivals = 0;
  for (const Record& r : run(Verb::bench).records) {
    if (r.rival.empty()) continue;
    ++rivals;
    EXPECT_FALSE(r.peers) << r.case_id;
  }
  EXPECT_EQ(rivals, 2);
}

}  // namespace
}  // namespace halcyon
