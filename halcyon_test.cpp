// The program as a user types it: exit codes, one clear line for each mistake, nothing
// half-written.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "halcyon_program.h"
#include "kernels/problem/op.h"
#include "kernels/strict_json.h"
#include "results/document/document.h"
#include "results/document/journal.h"
#include "results/files/temporary_folder.h"
#include "schedules/fence/child.h"
#include "schedules/language/step.h"
#include "schedules/targets/host.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// Lines that the grammar's own rows make wrong: each op with a missing, superfluous, zero or
/// foreign word.
std::vector<std::string> malformed_problems() {
  std::vector<std::string> lines = {"1x14x14 | pw 8",
                                    "0x14x14x8 | pw 8",
                                    "1x14x14x8 |",
                                    "| pw 8",
                                    "1x14x14x8 | | pw 8",
                                    "f64 1x14x14x8 | pw 8",
                                    "1x14x14x8 | pq 8",
                                    "1x14x14x-8 | pw 8",
                                    "1x14x14x8 | pw 8 pw 8",
                                    "1x9999999999x1x1 | relu",
                                    "2147483647x2147483647x1x1 | relu",
                                    "1x14x14x8 | pw 8 g3",
                                    "1x14x14x8 | pw 9 g2",
                                    "1x3x3x8 | dw 5x5 p0",
                                    "1x3x3x8 | pw 16 skip",
                                    "1x14x14x8 | s2d 3",
                                    "1x14x14x8 | linear 8",
                                    "1x14x14x8 | se 4 relu gelu",
                                    "1x14x14x8 | dw 3x3 g8",
                                    "1x14x14x8 | pw 8 s2",
                                    "1x14x14x8 | conv 16x16 8",
                                    "1x14x14x8 | dw 3x3 s2 s2",
                                    "1x14x14x8 | sums | pw 8"};
  for (const auto* kind : op_kinds()) {
    if (std::string(kind->word) == "map") continue;
    const std::string head = "1x8x8x8 | " + std::string(kind->word);
    std::vector<std::string> good;  // positional words that fit
    std::istringstream places(kind->arguments);
    for (std::string place; places >> place;)
      good.push_back(place == "KHxKW"  ? "3x3"
                     : place == "ACT"  ? "relu"
                     : place == "GATE" ? "sigmoid"
                                       : "4");
    std::string all = head;
    for (const auto& g : good) all += " " + g;
    for (std::size_t i = 0; i < good.size(); i++)
      for (const char* wrong : {"0", "-1", "x", "3x", "99999999999", "1e3", "@"}) {
        std::string line = head;
        for (std::size_t k = 0; k < good.size(); k++) line += " " + (k == i ? wrong : good[k]);
        lines.push_back(line);
      }
    if (!good.empty()) lines.push_back(head);
    for (const char* attribute :
         {"s0", "s", "p-1", "p1,2", "d0", "g0", "s1x0", "tanh", "relu relu9", "skip2"})
      lines.push_back(all + " " + attribute);
  }
  return lines;
}

TEST_F(Program, RefusesEveryMalformedProblemWithOneLineAndWritesNothing) {
  const auto lines = malformed_problems();
  ASSERT_GE(lines.size(), 120u);
  for (const auto& line : lines) expect_refused({"check", line, "-o", out()});
  EXPECT_FALSE(fs::exists(out()));
}

/// Every step op with arguments of the wrong kind or number.
std::vector<std::string> malformed_schedules() {
  std::vector<std::string> texts = {"acc",
                                    "acc:",
                                    ": split",
                                    "acc split x",
                                    "acc: splitt x xo xi 4",
                                    "out.update9: unroll c",
                                    "nowhere: unroll c",
                                    "out: unroll nowhere",
                                    "out: unroll c\nw: pack c 8"};
  for (const auto& op : step_ops()) {
    const std::string head = "out: " + std::string(op.word);
    texts.push_back(head + " 0 0 0 0 0 0 0 0 0 0");
    if (op.args[0] != '\0') texts.push_back(head);
  }
  return texts;
}

TEST_F(Program, RefusesEveryMalformedScheduleWithOneLineAndWritesNothing) {
  const std::set<std::string> complete = {"reorder", "atomic"};  // fine without arguments
  for (const auto& text : malformed_schedules()) {
    if (complete.count(text.substr(text.rfind(' ') + 1))) continue;
    write(path("bad.steps"), text + "\n");
    expect_refused({"check", "1x4x4x8 | pw 8", "--schedule", path("bad.steps"), "-o", out()});
  }
  EXPECT_FALSE(fs::exists(out()));
}

/// A valid document with each member dropped, of another type, or joined by an unknown one.
std::vector<json> damaged(const json& good) {
  std::vector<json> all;
  for (const auto& [key, value] : good.items()) {
    json missing = good, other = good;
    missing.erase(key);
    other[key] = value.is_string() ? json(7) : json("seven");
    all.push_back(missing);
    all.push_back(other);
  }
  json more = good;
  more["colour"] = "blue";
  all.push_back(more);
  return all;
}

TEST_F(Program, RefusesEveryDamagedTargetWithOneLineAndWritesNothing) {
  const json good = json::parse(bytes_in(HALCYON_SOURCE_DIR "/schedules/targets/x86-avx2.json"));
  for (const auto& bad : damaged(good)) {
    write(path("bad.json"), bad.dump());
    const Ended e = halcyon({"check", "1x1x1x8 | relu", "--target", path("bad.json"), "-o", out()});
    if (e.code == 0 || e.code == 6) continue;  // the member was an optional one
    expect_refused({"check", "1x1x1x8 | relu", "--target", path("bad.json"), "-o", out()});
  }
  for (const char* text :
       {"", "{", "[]", "{\"name\": NaN}", "\xef\xbb\xbf{}", "{\"name\":1,\"name\":2}"}) {
    write(path("bad.json"), text);
    expect_refused({"check", "1x1x1x8 | relu", "--target", path("bad.json"), "-o", out()});
  }
}

TEST_F(Program, RefusesEveryDamagedSuiteWithOneLineAndWritesNothing) {
  const json good = {
      {"suite", "mine"},
      {"description", "one"},
      {"source", "me"},
      {"cases", {{{"id", "a"}, {"problem", "1x1x1x8 | relu"}, {"source", "x"}, {"count", 1}}}}};
  auto all = damaged(good);
  for (const auto& bad : damaged(good["cases"][0])) {
    json suite = good;
    suite["cases"] = json::array({bad});
    all.push_back(suite);
  }
  json twice = good;
  twice["cases"].push_back(good["cases"][0]);
  all.push_back(twice);
  for (const auto& bad : all) {
    write(path("bad.json"), bad.dump());
    expect_refused({"check", path("bad.json"), "-o", out()});
  }
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(Program, RefusesAWrongCommandLineAndSuggestsTheNearestWord) {
  EXPECT_NE(expect_refused({"chekc", "smoke"}).find("'check'"), std::string::npos);
  EXPECT_NE(expect_refused({"bench", "smoke", "--quikc"}).find("'--quick'"), std::string::npos);
  EXPECT_NE(expect_refused({"check", "smoek"}).find("smoke"), std::string::npos);
  EXPECT_NE(expect_refused({"check", "smoke", "--target", "x86-zen6"}).find("x86-zen"),
            std::string::npos);
  for (const Words& bad :
       std::vector<Words>{{},
                          {"check"},
                          {"bench", "smoke", "--threads", "0"},
                          {"bench", "smoke", "--threads", "1024"},
                          {"check", "smoke", "--threads", "2", "-t", "j6m"},
                          {"check", "smoke", "--filter", "("},
                          {"check", "smoke", "--filter", "zzz"},
                          {"bench", "smoke", "--state", "hot"},
                          {"check", "smoke", "--source", "magic"},
                          {"bench", "smoke", "--cpu", "-3"},
                          {"check", "smoke", "smoke"},
                          {"list", "things"},
                          {"show", "1x1x1x8 | relu", "--part", "poem"},
                          {"check", "f16 1x1x1x8 | relu"},
                          {"check", "smoke", "--point", "a=1"},
                          {"check", "smoke", "--tuned", "/nowhere"},
                          {"tune"},
                          {"tune", "smoke", "--keep", "--against-itself", "9"},
                          {"tune", "smoke", "--in-network"},
                          {"tune", "smoke", "--strategy", "magic"},
                          {"tune", "smoke", "--budget", "0"},
                          {"tune", "smoke", "--minutes", "0"},
                          {"tune", "smoke", "--budget", "9", "--minutes", "1"},
                          {"tune", "smoke", "--schedule", "x"},
                          {"tune", "smoke", "--replay", "x.json"},
                          {"bench", "resnet18", "--state", "hot", "-o", out()},
                          {"bench", "resnet18", "resnet18", "-o", out()},
                          {"show", "resnet18", "--part", "nest"},
                          {"show", "resnet18", "--resolution", "0x3"},
                          {"show", "resnet18", "--resolution", "9x"},
                          {"show", "resnet18", "--batch", "0"},
                          {"show", "resnet18", "--resolution", "5x5x5"},
                          {"show", "smoke", "--part", "counts"},
                          {"emit", "1x4x4x8 | pw 8"},
                          {"emit", "smoke", "-o", out()},
                          {"emit", "1x4x4x8 | pw 8", "--name", "a b"},
                          {"emit", "1x4x4x8 | pw 8", "--name", "int", "-o", out()},
                          {"emit", "1x4x4x8 | pw 8", "--name", "printf", "-o", out()}})
    expect_refused(bad);
}

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

TEST_F(Program, RefusesADamagedTunedFileWithItsPlace) {
  fs::create_directories(path("tuned/avx2"));
  write(path("tuned/avx2/pw.json"), R"({"tuned": [{"problem": "1x7x7x16 | pw  24"}]})");
  const auto said = expect_refused({"bench", "1x7x7x16 | pw 24 relu", "--target", "x86-avx2",
                                    "--tuned", path("tuned"), "-o", out()});
  EXPECT_NE(said.find("tuned/avx2/pw.json: /tuned/0/problem: "), std::string::npos) << said;
  EXPECT_FALSE(fs::exists(out()));
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
  const Ended e = halcyon({"bench", "1x7x7x16 | pw 24", "--quick", "-q", "--against-build",
                           HALCYON_PROGRAM, "--rounds", "3", "-o", out()});
  EXPECT_TRUE(e.code == 0 || e.code == 6) << e.output;
  EXPECT_NE(e.output.find("build " HALCYON_PROGRAM), std::string::npos) << e.output;
  const Document d = read_document(out() + "/results.json");
  ASSERT_EQ(d.records.size(), 2u);
  EXPECT_EQ(d.records[1].rival, "build " HALCYON_PROGRAM);
  for (const Record& r : d.records) {
    std::set<int> processes;
    for (const Sample& s : r.samples) processes.insert(s.process.value());
    EXPECT_EQ(processes.size(), 3u);
  }
}

TEST_F(Program, WhatABuildRefusesIsSaidAsItSaysIt) {
  write(path("other"), "#!/bin/sh\necho halcyon: no words for this >&2; exit 2\n");
  fs::permissions(path("other"), fs::perms::owner_all);
  const std::string said =
      expect_refused({"bench", "1x7x7x16 | pw 24", "--quick", "-q", "--against-build",
                      path("other"), "--rounds", "3", "-o", out()});
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
  if (with_budget("3").code == 6) GTEST_SKIP() << "no quiet moment for the start";
  const std::string journal = out() + "/journal.jsonl";
  EXPECT_EQ(lines_of(journal, "trial"), 3);
  with_budget("6");
  EXPECT_EQ(lines_of(journal, "trial"), 6);
  EXPECT_EQ(lines_of(journal, "started"), 6);
  const auto before = bytes_in(journal);
  with_budget("6");
  EXPECT_EQ(bytes_in(journal), before) << "all of it was known";
  EXPECT_GE(read_document(out() + "/results.json").records.size(), 6u);
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

TEST_F(Program, AWrongScheduleOfTheUsersIsNamedWithItsLine) {
  write(path("my.steps"), "out: split c co ci 8\nout: unroll nowhere\n");
  const std::string line =
      expect_refused({"check", "1x4x4x8 | pw 8", "--schedule", path("my.steps")});
  EXPECT_NE(line.find("my.steps: line 2"), std::string::npos) << line;
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
