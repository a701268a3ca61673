#include "suites/cases/suite.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "kernels/problem/op.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string kFolder = std::string(HALCYON_SOURCE_DIR) + "/suites/micro";

json good_suite() {
  return {{"suite", "mine"},
          {"description", "d"},
          {"source", "s"},
          {"cases",
           {{{"id", "a"}, {"problem", "1x7x7x8 | dw 3x3"}, {"source", "Net 1"}, {"count", 2}},
            {{"id", "b"}, {"problem", "1x7x7x8 | pw 5"}, {"odd", "5 channels"}}}}};
}

/// The message with which `text` as mine.json is refused.
std::string refusal(const TestFolder& folder, const std::string& text) {
  return refusal_of([&] { read_suite(folder.write("mine.json", text)); });
}

TEST(Suite, ReadsEveryFieldOfACase) {
  const TestFolder folder;
  json file = good_suite();
  file["cases"][1]["class"] = "my class";
  const Suite suite = read_suite(folder.write("mine.json", file.dump()));
  EXPECT_EQ(suite.name, "mine");
  EXPECT_EQ(suite.description, "d");
  EXPECT_EQ(suite.source, "s");
  ASSERT_EQ(suite.cases.size(), 2u);
  const Case& network = suite.cases[0];
  EXPECT_EQ(network.id, "a");
  EXPECT_EQ(network.problem.text(), "1x7x7x8 | dw 3x3");
  EXPECT_EQ(network.source, "Net 1");
  EXPECT_EQ(network.count, 2);
  EXPECT_FALSE(network.odd);
  EXPECT_EQ(network.kernel_class, "depthwise 3x3 s1, maps under 56");
  const Case& odd = suite.cases[1];
  EXPECT_TRUE(odd.odd);
  EXPECT_EQ(odd.source, "5 channels");
  EXPECT_EQ(odd.count, 1);
  EXPECT_EQ(odd.kernel_class, "my class");
}

TEST(Suite, EveryShippedFileLoadsInCanonicalForm) {
  const std::vector<std::string> names = suite_names(kFolder);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  for (const char* name : {"blocks", "kernels", "smoke"})
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  for (const std::string& name : names) {
    const Suite suite = find_suite(name, kFolder);  // unique ids and problems: the reader's promise
    EXPECT_EQ(suite.name, name);
    std::ifstream stream(kFolder + "/" + name + ".json");
    const json file = json::parse(stream);
    for (std::size_t i = 0; i < suite.cases.size(); ++i)
      EXPECT_EQ(file["cases"][i]["problem"], suite.cases[i].problem.text()) << suite.cases[i].id;
  }
}

TEST(Suite, FilesHoldWhatTheSchemaNames) {
  std::ifstream stream(kFolder + "/suite.schema.json");
  const json schema = json::parse(stream);
  const json& one = schema["properties"]["cases"]["items"];
  for (const std::string& name : suite_names(kFolder)) {
    std::ifstream file(kFolder + "/" + name + ".json");
    const json suite = json::parse(file);
    for (const auto& [key, value] : suite.items()) EXPECT_TRUE(schema["properties"].contains(key));
    for (const json& c : suite["cases"]) {
      for (const auto& [key, value] : c.items()) EXPECT_TRUE(one["properties"].contains(key));
      for (const auto& key : one["required"]) EXPECT_TRUE(c.contains(key.get<std::string>()));
    }
  }
}

/// Catches a word that was added to the grammar and forgotten in the suite.
TEST(Suite, KernelsCoversEveryWordWithNetworkAndOddCases) {
  std::map<std::string, std::set<bool>> seen;
  for (const Case& c : find_suite("kernels", kFolder).cases) {
    EXPECT_EQ(c.problem.ops().size(), 1u) << c.id << ": chains belong to blocks";
    seen[std::string(c.problem.ops()[0].word())].insert(c.odd);
  }
  for (const OpKind* kind : op_kinds())
    EXPECT_EQ(seen[kind->word], (std::set<bool>{false, true})) << kind->word;
}

TEST(Suite, KernelsHasAllThatTheGoalsAreStatedFor) {
  std::map<std::string, int> cases;
  std::set<std::string> problems;
  for (const Case& c : find_suite("kernels", kFolder).cases) {
    problems.insert(c.problem.text());
    if (!c.odd) ++cases[c.kernel_class];
  }
  for (const char* name :
       {"pointwise, K >= 80", "pointwise, K 24 to 79", "pointwise, K < 24", "grouped pointwise",
        "depthwise 3x3 s1, maps of 56 and up", "depthwise 3x3 s1, maps under 56",
        "depthwise 5x5 s1", "depthwise 3x3 s2", "stem 3x3 s2", "dense conv", "2x2 s2 conv",
        "element-wise", "space-to-depth", "linear", "squeeze-and-excite"})
    EXPECT_GE(cases[name], 2) << name;
  for (const char* line : {"1x112x112x16 | pw 64 relu", "1x28x28x128 | pw 256 g2 gelu",
                           "1x14x14x192 | dw 1x5", "1x14x14x192 | dw 5x1",
                           "1x112x112x64 | dw 3x3 s2 relu", "1x112x112x32 | conv 3x3 64 s2 relu",
                           "1x56x56x64 | conv 3x3 64 relu", "1x56x56x64 | conv 2x2 128 s2"})
    EXPECT_TRUE(problems.count(line)) << line;
}

/// The counts of the networks themselves (HENet's, MobileNetV3's and ResNet's layer tables), typed
/// in here: catches a wrong shape in a suite as much as wrong arithmetic.
TEST(Suite, MacsAreThoseOfTheNetworks) {
  const std::map<std::string, std::int64_t> known = {
      {"stem-224x224-3-32", 10838016},
      {"conv3s2-112x112-32-64", 57802752},
      {"dw3-56x56x64", 1806336},
      {"pw-56x56-64-128", 25690112},
      {"conv2s2-56x56-64-128", 25690112},
      {"dw3-28x28x128", 903168},
      {"pw-28x28-128-256-g2", 12845056},
      {"pw-28x28-96-192-g2", 7225344},
      {"conv2s2-28x28-128-192", 19267584},
      {"dw1x5-14x14x192", 188160},
      {"dw5x1-14x14x192", 188160},
      {"pw-14x14-192-384", 14450688},
      {"conv2s2-14x14-192-384", 14450688},
      {"dw3-7x7x384", 169344},
      {"pw-7x7-1152-384", 21676032},
      {"linear-1024-1000", 1024000},
      {"stem-224x224-3-16", 5419008},
      {"pw-112x112-16-64", 12845056},
      {"conv3-56x56-64-64", 115605504},
      {"hardswish-112x112x16", 0},
      {"dwcb-300x200x64", 526080000},
      {"dwcb-56x56x64", 1806336 + 2 * 25690112},
      {"groupdwcb-28x28x128", 903168 + 12845056 + 25690112},
      {"dwcb-7x7x384", 169344 + 2 * 21676032},
      {"altdwcb-1x5-14x14x192", 188160 + 2 * 14450688},
      {"s2ddown-56x56-64-128", 25690112},
      {"s2ddown-56x56-64-128-conv", 25690112}};
  std::map<std::string, std::int64_t> found;
  for (const char* name : {"kernels", "blocks"})
    for (const Case& c : find_suite(name, kFolder).cases) found[c.id] = c.problem.macs();
  for (const auto& [id, macs] : known) {
    ASSERT_TRUE(found.count(id)) << id;
    EXPECT_EQ(found[id], macs) << id;
  }
}

/// HENet_TinyM's blocks and downsamplings, times their counts, are the network without stem, head
/// and feature mix: 884,316,160 of 954,372,352 MACs.
TEST(Suite, CountsOfHenetAddUpToItsStages) {
  std::int64_t stages = 0;
  for (const Case& c : find_suite("blocks", kFolder).cases) {
    const bool stands_for_a_stage = c.source.starts_with("HENet_TinyM") &&
                                    c.source.find("as a convolution") == std::string::npos &&
                                    c.source.find("with the 3x3") == std::string::npos;
    if (stands_for_a_stage) stages += c.count * c.problem.macs();
  }
  EXPECT_EQ(stages, 954372352 - 10838016 - 57802752 - 393216 - 1024000);
}

TEST(Suite, RefusesEveryKindOfWrongFieldWithItsPlace) {
  const TestFolder folder;
  const std::vector<std::pair<std::string, std::vector<std::string>>> wrong = {
      {"/suite", {"7", "null", "[]", "{}", "true", R"("")", R"("a b")", R"("other")", R"("../x")"}},
      {"/description", {"7", "null", "[]", R"("")", R"("two\nlines")", R"("\u001b[2J")"}},
      {"/source", {"7", "null", "{}", R"("")", R"("tab\t")", R"("\u007f")"}},
      {"/cases", {"7", "null", "{}", R"("dw 3x3")", "[]"}},
      {"/cases/0", {"7", "null", "[]", R"("1x7x7x8 | dw 3x3")"}},
      {"/cases/0/id",
       {"7", "null", "[]", R"("")", R"("a b")", R"("a/b")", R"("ä")", R"("b\u0000")",
        "\"" + std::string(129, 'x') + "\""}},
      {"/cases/0/problem",
       {"7", "null", "{}", R"("")", R"("dw 3x3")", R"("1x7x7x8")", R"("1x7x7x8 | ")",
        R"("1x7x7x8 | dww 3x3")", R"("1x7x7x8 | dw 3x3 s0")", R"("0x7x7x8 | dw 3x3")",
        R"("1x7x7x8 | dw 99x99")", R"("1x7x7x8 | pw 4 g3")", R"("1x7x7x8\n| dw 3x3")",
        "\"1x7x7x8 | dw 3x3" + std::string(1024, ' ') + "\""}},
      {"/cases/0/source", {"7", "null", "[]", R"("")", R"("a\u0007")"}},
      {"/cases/0/count", {"0", "-1", "10001", "1.0", "1e3", R"("2")", "null", "true", "[]"}},
      {"/cases/1/odd", {"true", "1", "null", R"("")", R"("a\nb")"}},
      {"/cases/1/class", {"7", "null", R"("")", R"("a\nb")"}}};
  int refused = 0;
  for (const auto& [pointer, values] : wrong)
    for (const std::string& value : values) {
      json file = good_suite();
      file[json::json_pointer(pointer)] = json::parse(value);
      const std::string message = refusal(folder, file.dump());
      EXPECT_NE(message.find("mine.json: " + pointer + ": "), std::string::npos)
          << value << " gave: " << message;
      EXPECT_EQ(message.find_first_of("\n\x1b\x07"), std::string::npos) << value;
      ++refused;
    }
  EXPECT_GE(refused, 60);
}

TEST(Suite, RefusesMissingUnknownAndDoubleKeys) {
  const TestFolder folder;
  for (const char* pointer : {"/suite", "/description", "/source", "/cases", "/cases/0/id",
                              "/cases/0/problem", "/cases/0/source", "/cases/0/count"}) {
    const json::json_pointer place(pointer);
    json file = good_suite();
    file[place.parent_pointer()].erase(place.back());
    EXPECT_NE(refusal(folder, file.dump()).find(std::string(pointer) + ": missing"),
              std::string::npos)
        << pointer;
  }
  for (const char* pointer : {"/Suite", "/version", "/cases/0/repeats", "/cases/0/problems"}) {
    json file = good_suite();
    file[json::json_pointer(pointer)] = 1;
    EXPECT_NE(refusal(folder, file.dump()).find(std::string(pointer) + ": unknown key"),
              std::string::npos)
        << pointer;
  }
  std::string twice = good_suite().dump();
  twice.insert(1, R"("suite":"mine",)");
  EXPECT_NE(refusal(folder, twice).find("suite"), std::string::npos);
}

TEST(Suite, RefusesAnOddCaseOfANetwork) {
  const TestFolder folder;
  for (const char* key : {"source", "count"}) {
    json file = good_suite();
    file["cases"][1][key] = file["cases"][0][key];
    EXPECT_NE(refusal(folder, file.dump()).find("/cases/1/odd: "), std::string::npos) << key;
  }
}

TEST(Suite, RefusesTheSameIdOrProblemTwice) {
  const TestFolder folder;
  json file = good_suite();
  file["cases"][1]["id"] = "a";
  EXPECT_NE(refusal(folder, file.dump()).find("/cases/1/id: "), std::string::npos);

  file = good_suite();
  file["cases"][1]["problem"] = "f32 1x7x7x8|dw 3x3 s1 p1 d1";  // another spelling of case 0
  const std::string message = refusal(folder, file.dump());
  EXPECT_NE(message.find("/cases/1/problem: "), std::string::npos) << message;
  EXPECT_NE(message.find("'a'"), std::string::npos) << message;
}

TEST(Suite, RefusesWhatIsNoJson) {
  const TestFolder folder;
  for (const std::string text :
       {"", " ", "{", "[1]", "7", "null", "{} {}", "\xef\xbb\xbf{}", "{'suite': 1}", "{\"a\":NaN}",
        "{\"suite\": \"mine\",}", "// comment\n{}", "\xff\xfe"})
    refusal(folder, text);
}

TEST(Suite, FindsByNameAndByPath) {
  const TestFolder folder;
  const std::string file = folder.write("mine.json", good_suite().dump());
  folder.write("suite.schema.json", "{}");
  folder.write("notes.txt", "");
  EXPECT_EQ(suite_names(folder.path()), std::vector<std::string>{"mine"});
  EXPECT_EQ(find_suite("mine", folder.path()).name, "mine");
  EXPECT_EQ(find_suite(file, "/nowhere").name, "mine");
}

TEST(Suite, SuggestsTheNearestName) {
  try {
    find_suite("kernel", kFolder);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, Exit::usage);
    EXPECT_NE(std::string(error.what()).find("did you mean 'kernels'?"), std::string::npos);
  }
  try {
    suite_names("/nowhere/at/all");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, Exit::environment);
  }
}

TEST(Suite, OfATypedProblemHasAnIdThatIsAName) {
  const Suite suite = suite_of(Problem::parse("1x14x14x192 | dw 1x5 | pw 384 gelu"));
  ASSERT_EQ(suite.cases.size(), 1u);
  EXPECT_EQ(suite.cases[0].id, "1x14x14x192-dw-1x5-pw-384-gelu");
  EXPECT_EQ(suite.cases[0].problem.text(), "1x14x14x192 | dw 1x5 | pw 384 gelu");
  std::string line = "1x4x4x8";
  for (int i = 0; i < 30; ++i) line += " | dw 3x3";
  EXPECT_EQ(suite_of(Problem::parse(line)).cases[0].id.size(), 128u);
}

}  // namespace
}  // namespace halcyon
