// The program as a user types it: what its commands say and leave, exit codes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "halcyon_program.h"
#include "results/document/document.h"
#include "results/document/journal.h"
#include "results/files/temporary_folder.h"
#include "schedules/targets/host.h"

namespace halcyon {
namespace {

using nlohmann::json;

TEST_F(Program, ShowsWhatANetworkCountsTo) {
  const Ended thop = halcyon({"show", "custom_model", "--part", "thop"});
  EXPECT_EQ(thop.code, 0);
  EXPECT_NE(thop.output.find("FLOPs: 1382.40M\nParams: 0.02M\n"), std::string::npos) << thop.output;
  const Ended shown = halcyon({"show", "efficientnet_b2", "--resolution", "288", "--json"});
  ASSERT_EQ(shown.code, 0) << shown.output;
  const json counts = json::parse(shown.output);
  EXPECT_EQ(counts["whole"]["macs"], 1087529456);
  EXPECT_EQ(counts["input"], "1x288x288x3");
  EXPECT_NE(expect_refused({"show", "resnet81"}).find("'resnet18'"), std::string::npos);
}

TEST_F(Program, ListsEveryNetworkWithItsCounts) {
  const Ended listed = halcyon({"list", "networks", "--json"});
  ASSERT_EQ(listed.code, 0) << listed.output;
  std::map<std::string, json> networks;
  for (const json& row : json::parse(listed.output)) networks[row["network"]] = row;
  EXPECT_EQ(networks.size(), 15u);
  EXPECT_EQ(networks["henet_tinym"]["parameters"], 8637608);
  EXPECT_EQ(networks["custom_model"]["input"], "1x300x200x64");
}

TEST_F(Program, BenchLeavesADocumentAPageAndAJournalThatAgree) {
  const Ended e =
      halcyon({"bench", "1x7x7x32 | pw 48 relu", "--quick", "--json", "-q", "-o", out()});
  ASSERT_TRUE(e.code == 0 || e.code == 6)
      << e.output;  // 6: too noisy for a verdict, still a record
  const Document d = read_document(out() + "/results.json");
  EXPECT_EQ(canonical_text(d), e.output);
  ASSERT_EQ(d.records.size(), 1u);
  EXPECT_EQ(d.records[0].problem, "1x7x7x32 | pw 48 relu");
  EXPECT_TRUE(d.records[0].check.passed);
  EXPECT_NE(bytes_in(out() + "/report.html").find("pw 48 relu"), std::string::npos);
  EXPECT_NE(bytes_in(out() + "/journal.jsonl").find(d.records[0].id), std::string::npos);
  const Ended published = halcyon({"publish", out(), "--export", "csv", "-o", path("page")});
  EXPECT_EQ(published.code, 0) << published.output;
  EXPECT_TRUE(fs::exists(path("page") + "/index.html"));
  EXPECT_NE(bytes_in(path("page") + "/records.csv").find(",1x7x7x32 | pw 48 relu,"),
            std::string::npos);
}

TEST_F(Program, BenchAgainstABuildTakesTurnsAndMakesOneDocument) {
  // The other build is this program, too, and what it once found is all that it ever finds.
  const std::string other = path("other"), kept = path("kept");
  write(other, "#!/bin/sh\nfor out; do :; done\nout=${out#--out=}\nif test -d " + kept +
                   "; then exec cp -r " + kept +
                   " $out; fi\n" HALCYON_PROGRAM " \"$@\"\ncode=$?\ncp -r $out " + kept +
                   "\nexit $code\n");
  fs::permissions(other, fs::perms::owner_all);
  const Ended e = halcyon({"bench", "1x7x7x16 | pw 24", "--quick", "-q", "--against-build", other,
                           "--rounds", "3", "-o", out()});
  EXPECT_TRUE(e.code == 0 || e.code == 6) << e.output;
  EXPECT_NE(e.output.find("build " + other), std::string::npos) << e.output;
  const Document d = read_document(out() + "/results.json");
  ASSERT_EQ(d.records.size(), 2u);
  EXPECT_EQ(d.records[1].rival, "build " + other);
  for (const Record& r : d.records) {
    std::set<int> processes;
    for (const Sample& s : r.samples) processes.insert(s.process.value());
    EXPECT_EQ(processes.size(), 3u);
  }
}

TEST_F(Program, WhatABuildRefusesIsSaidAtOnceAndAsItSaysIt) {
  write(path("other"), "#!/bin/sh\necho halcyon: no words for this >&2; exit 2\n");
  fs::permissions(path("other"), fs::perms::owner_all);
  const std::string said =
      expect_refused({"bench", "1x7x7x16 | pw 24", "--quick", "-q", "--against-build",
                      path("other"), "--rounds", "3", "--cache", path("cache"), "-o", out()});
  EXPECT_FALSE(fs::exists(path("cache"))) << "a turn of ours came before";
  EXPECT_NE(said.find("build " + path("other") + ": no words for this"), std::string::npos) << said;
}

TEST_F(Program, ReplayLeavesAPageBesideTheSpaces) {
  std::string points;
  for (int x : {1, 2, 3, 4})
    for (int c : {8, 16})
      points += (points.empty() ? "[" : ",[") + std::to_string(x) + "," + std::to_string(c) + "," +
                std::to_string(100 + 10 * x + c) + "]";
  write(path("space.json"),
        R"({"problem": "1x7x7x16 | pw 24", "target": "j6m", "unit": "instructions",
            "knobs": [{"name": "x", "values": [1, 2, 3, 4]}, {"name": "c", "values": [8, 16]}],
            "start": [2, 16], "others": [], "points": [)" +
            points + "]}");
  const Ended e = halcyon({"tune", "--replay", path("space.json"), "-q", "-o", out()});
  ASSERT_EQ(e.code, 0) << e.output;
  EXPECT_NE(e.output.find("over 20 seeds"), std::string::npos) << e.output;
  EXPECT_NE(bytes_in(out() + "/report.html").find("Search strategies on a space"),
            std::string::npos);
  EXPECT_EQ(halcyon({"tune", "--replay", out() + "/space-1.json", "-q"}).output, e.output);
}

/// Lines of a journal of one kind.
int lines_of(const std::string& journal, const std::string& kind) {
  std::istringstream text(bytes_in(journal));
  int count = 0;
  for (std::string line; std::getline(text, line);)
    count += line.find("\"kind\":\"" + kind + "\"") != line.npos;
  return count;
}

TEST_F(Program, TuneGoesOnWhereItStoppedAndTriesNothingTwice) {
  const Words tune = {"tune", "1x7x7x16 | pw 24 relu", "--quick", "-q", "-o", out(), "--budget"};
  const auto with_budget = [&](const char* budget) {
    Words words = tune;
    words.push_back(budget);
    const Ended e = halcyon(words);
    EXPECT_TRUE(e.code == 0 || e.code == 6) << e.output;  // 6: the start was too noisy
    return e;
  };
  if (with_budget("2").code == 6) GTEST_SKIP() << "no quiet moment for the start";
  const std::string journal = out() + "/journal.jsonl";
  EXPECT_EQ(lines_of(journal, "trial"), 2);
  with_budget("4");
  EXPECT_EQ(lines_of(journal, "trial"), 4);
  EXPECT_EQ(lines_of(journal, "started"), 4);
  const auto before = bytes_in(journal);
  with_budget("4");
  EXPECT_EQ(bytes_in(journal), before) << "all of it was known";
  EXPECT_GE(read_document(out() + "/results.json").records.size(), 4u);
}

TEST_F(Program, TuneTellsItsEventsAsJsonLines) {
  const Ended e =
      halcyon({"tune", "1x1x1x8 | relu", "--quick", "--json", "-q", "-o", out(), "--budget", "2"});
  std::istringstream lines(e.output);
  std::vector<std::string> events;
  for (std::string line; std::getline(lines, line);)
    events.push_back(json::parse(line).at("event"));
  ASSERT_GE(events.size(), 3u) << e.output;
  EXPECT_EQ(events.front(), "search");
  EXPECT_EQ(events[1], "trial");
  EXPECT_EQ(events.back(), "decided");
}

TEST_F(Program, ASecondTunerIsToldWhoHoldsTheJournal) {
  fs::create_directories(out());
  const Journal held(out() + "/journal.jsonl", "first", [](const std::string&) {});
  const Ended e = halcyon({"tune", "1x1x1x8 | relu", "--quick", "-q", "-o", out()});
  EXPECT_EQ(e.code, 4) << e.output;
  EXPECT_NE(e.output.find(std::to_string(getpid())), std::string::npos) << e.output;
}

TEST_F(Program, RefusesAResultsFileThatWasEdited) {
  ASSERT_EQ(halcyon({"check", "1x1x1x8 | relu", "-q", "-o", out()}).code, 0);
  std::string text = bytes_in(out() + "/results.json");
  text.replace(text.find("relu"), 4, "gelu");
  write(out() + "/results.json", text);
  const Ended e = halcyon({"publish", out(), "-o", path("page")});
  EXPECT_EQ(e.code, 3) << e.output;
  EXPECT_FALSE(fs::exists(path("page") + "/index.html"));
}

TEST_F(Program, ChecksTheSmokeSuite) {
  const Ended e = halcyon({"check", "smoke", "--json", "-q"});
  ASSERT_EQ(e.code, 0) << e.output;
  const Document d = document_from_text(e.output, "stdout");
  EXPECT_GE(d.records.size(), 8u);
  for (const auto& r : d.records) EXPECT_EQ(r.outcome, Outcome::ok) << r.case_id << r.detail;
}

TEST_F(Program, ChecksWithAsManyThreadsAsAskedFor) {
  if (allowed_cpus().size() < 2) GTEST_SKIP() << "one CPU";
  const Ended e =
      halcyon({"check", "1x14x14x96 | dw 3x3 relu", "1x14x14x96 | pw 96 add",
               "1x112x112x8 | pw 16 | dw 3x3 s2 | pw 8", "--threads", "2", "--json", "-q"});
  ASSERT_EQ(e.code, 0) << e.output;
  const Document d = document_from_text(e.output, "stdout");
  ASSERT_EQ(d.records.size(), 3u);
  for (const auto& r : d.records) {
    EXPECT_EQ(r.threads, 2);
    EXPECT_NE(r.schedule.find(": parallel "), std::string::npos) << r.schedule;
    EXPECT_NE(r.repro.find(" --threads 2"), std::string::npos) << r.repro;
  }
}

TEST_F(Program, CompilesButDoesNotRunWhatThisMachineCannot) {
  json other = json::parse(bytes_in(HALCYON_SOURCE_DIR "/schedules/targets/x86-avx2.json"));
  other["needs"].push_back("a_flag_no_cpu_has");
  write(path("other.json"), other.dump());
  const Ended e =
      halcyon({"bench", "1x1x1x8 | relu", "--target", path("other.json"), "--json", "-q"});
  EXPECT_EQ(e.code, 6) << e.output;
  const Document d = document_from_text(e.output, "stdout");
  EXPECT_EQ(d.records.at(0).outcome, Outcome::not_runnable);
  EXPECT_FALSE(d.records[0].statistics.has_value());
  EXPECT_FALSE(d.records[0].object_sha256.empty());
}

TEST_F(Program, ANetworkGoesOutAsOnnxAndComesBackWithTheSameCounts) {
  const std::string model = path("small.onnx");
  const Ended out =
      halcyon({"export", "mobilenet_v3_small", "--resolution", "32", "--seed", "3", "-o", model});
  ASSERT_EQ(out.code, 0) << out.output;
  const Ended shown = halcyon({"show", model});
  EXPECT_EQ(shown.code, 0) << shown.output;
  EXPECT_EQ(shown.output, halcyon({"show", "mobilenet_v3_small", "--resolution", "32"}).output);
  expect_refused({"export", "mobilenet_v3_small"});
  expect_refused({"show", model, "--resolution", "64"});
  write(model, "not a model");
  const Ended bad = halcyon({"show", model});
  EXPECT_EQ(bad.code, 3) << bad.output;
  EXPECT_EQ(std::count(bad.output.begin(), bad.output.end(), '\n'), 1) << bad.output;
}

}  // namespace
}  // namespace halcyon
