// The program as a user mistypes it: one clear line for each mistake, exit code 2, nothing
// half-written.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "halcyon_program.h"
#include "kernels/problem/op.h"
#include "schedules/language/step.h"

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
      good.push_back(place == "KHxKW"   ? "3x3"
                     : place == "ACT"   ? "relu"
                     : place == "GATE"  ? "sigmoid"
                     : place == "DTYPE" ? "i8"
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
    const Words words = {"check", "1x1x1x8 | relu", "--target", path("bad.json"), "-o", out()};
    const Ended e = halcyon(words);
    if (e.code == 0 || e.code == 6) continue;  // the member was an optional one
    expect_refused(words, e);
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
                          {"check", "i8 1x1x1x8 | tokensum"},
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

TEST_F(Program, RefusesADamagedTunedFileWithItsPlace) {
  fs::create_directories(path("tuned/avx2"));
  write(path("tuned/avx2/pw.json"), R"({"tuned": [{"problem": "1x7x7x16 | pw  24"}]})");
  const auto said = expect_refused({"bench", "1x7x7x16 | pw 24 relu", "--target", "x86-avx2",
                                    "--tuned", path("tuned"), "-o", out()});
  EXPECT_NE(said.find("tuned/avx2/pw.json: /tuned/0/problem: "), std::string::npos) << said;
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(Program, AWrongScheduleOfTheUsersIsNamedWithItsLine) {
  write(path("my.steps"), "out: split c co ci 8\nout: unroll nowhere\n");
  const std::string line =
      expect_refused({"check", "1x4x4x8 | pw 8", "--schedule", path("my.steps")});
  EXPECT_NE(line.find("my.steps: line 2"), std::string::npos) << line;
}

}  // namespace
}  // namespace halcyon
