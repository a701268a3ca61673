#include "schedules/targets/target.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "kernels/for_tests.h"
#include "kernels/strict_json.h"
#include "schedules/targets/host.h"

namespace halcyon {
namespace {

using nlohmann::json;
const std::string kFolder = HALCYON_SOURCE_DIR "/schedules/targets";

/// The message that `json` is refused with; "accepted" if it is not.
std::string refusal(const json& value) {
  return refusal_of([&] { target_from_json(value, "t.json"); });
}

json good() { return to_json(find_target("x86-zen4", kFolder)); }

TEST(Target, EveryFileReadsAndItsNameIsTheFiles) {
  const auto names = target_names(kFolder);
  EXPECT_EQ(names, (std::vector<std::string>{"host", "arm-a76", "j6e", "j6m", "j6p", "x86-avx2",
                                             "x86-avx512", "x86-zen3", "x86-zen4", "x86-zen5"}));
  for (const auto& name : names) {
    const Target t = find_target(name, kFolder);
    EXPECT_EQ(t.name, name);
    EXPECT_FALSE(t.description.empty());
  }
}

// Catches a field that is written but not read, or under another name.
TEST(Target, JsonRoundTripKeepsEveryField) {
  for (const auto& name : target_names(kFolder)) {
    const Target t = find_target(name, kFolder);
    EXPECT_EQ(target_from_json(to_json(t), name), t) << name;
  }
  json changed = good();
  changed["f16"] = true;
  changed["max_ghz"] = 3.5;
  changed["cores"] = 3;
  EXPECT_EQ(to_json(target_from_json(changed, "t.json")), changed);
}

TEST(Target, SchemaAndReaderKnowTheSameKeys) {
  const json target = good(), schema = read_json_file(kFolder + "/target.schema.json", Exit::usage);
  std::set<std::string> in_schema, required, written;
  for (const auto& [key, value] : schema["properties"].items()) in_schema.insert(key);
  for (const auto& key : schema["required"]) required.insert(key);
  for (const auto& [key, value] : target.items()) written.insert(key);
  EXPECT_EQ(in_schema, written);
  EXPECT_EQ(required, written);
}

TEST(Target, EveryKeyIsNeededAndNoOtherIsTaken) {
  const json target = good();
  for (const auto& [key, value] : target.items()) {
    json j = good();
    j.erase(key);
    const std::string message = refusal(j);
    EXPECT_NE(message.find(key), std::string::npos) << key << ": " << message;
    j = good();
    j[key] = json::object();
    EXPECT_NE(refusal(j).find("/" + key), std::string::npos) << key << ": " << refusal(j);
  }
  json j = target;
  j["vector_bit"] = 512;
  EXPECT_NE(refusal(j).find("vector_bit"), std::string::npos);
}

TEST(Target, ValuesOutOfRangeAreRefusedWithTheirPlace) {
  const std::pair<const char*, json> bad[] = {
      {"name", "a/b"},
      {"name", ""},
      {"arch", "x86"},
      {"isa", "avx"},
      {"isa", "avx2"},
      {"halide", "arm-64-linux"},
      {"halide", "x86-32-linux"},
      {"halide", "x86-64-linux-avx512-avx512_zen4-no_asserts"},
      {"needs", {"avx2", 7}},
      {"needs", {"avx 2"}},
      {"device", "guess"},
      {"meters", json::array()},
      {"meters", {"ns", "guess"}},
      {"meters", {"ns", "ns"}},
      {"vector_bits", 384},
      {"vector_bits", 512.5},
      {"vector_registers", 0},
      {"l1d_bytes", -1},
      {"cores", 0},
      {"cores", 4294967296 + 1},
      {"fma_per_cycle", 0},
      {"max_ghz", -1},
      {"f16", 0},
      {"fma_by_element", "yes"},
      {"memory_operands", 1},
      {"prefetch_gains", 1},
      {"family", std::string(200, 'x')}};
  for (const auto& [key, value] : bad) {
    json j = good();
    j[key] = value;
    const std::string message = refusal(j);
    EXPECT_NE(message.find(std::string("t.json: /") + key), std::string::npos)
        << value << ": " << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

/// `target` as files said it before devices and meters were told apart.
json older(json target, const std::string& meter) {
  for (const char* key : {"device", "meters", "prefetch_gains"}) target.erase(key);
  target["meter"] = meter;
  return target;
}

TEST(Target, OlderFilesSayDeviceAndMeterInOneWord) {
  for (const char* name : {"x86-zen4", "j6m"}) {
    const Target t = find_target(name, kFolder);
    EXPECT_EQ(target_from_json(older(to_json(t), t.device), "t.json"), t) << name;
  }
  EXPECT_NE(refusal(older(good(), "guess")).find("t.json: /meter: found 'guess'"),
            std::string::npos);
  json both = good();
  both["meter"] = both["device"];
  EXPECT_NE(refusal(both).find("device"), std::string::npos) << refusal(both);
}

// Documents that were written before keep their text, and others lose nothing.
TEST(Target, ADocumentHasTheOlderWordWhereThatSaysAll) {
  for (const auto& name : target_names(kFolder)) {
    const Target t = find_target(name, kFolder);
    EXPECT_EQ(document_json(t), older(to_json(t), t.device)) << name;
  }
  for (const bool gains : {true, false})
    for (const std::vector<std::string>& meters :
         std::vector<std::vector<std::string>>{{"ns"}, {"instructions"}, {"ns", "instructions"}})
      for (const std::string& device : device_words()) {
        Target t = find_target("x86-zen4", kFolder);
        t.device = device;
        t.meters = meters;
        t.prefetch_gains = gains;
        EXPECT_EQ(target_from_json(document_json(t), "document"), t);
      }
}

// The needs of a file and of a host with the same target string are one fact, written in two
// places.
TEST(Target, FilesNeedWhatAHostWithTheSameStringNeeds) {
  for (const auto& name : target_names(kFolder)) {
    const Target t = find_target(name, kFolder);
    if (t.arch != "x86_64") continue;  // reached through an emulator, which no flag decides
    std::string flags;
    for (const auto& f : t.needs) flags += f + " ";
    const CpuInfo cpu = parse_cpuinfo("processor: 0\nflags: sse2 " + flags);
    const Target host = host_target(cpu, "/nonexistent", {0});
    EXPECT_EQ(host.halide, t.halide) << name;
    EXPECT_EQ(host.isa, t.isa) << name;
    EXPECT_EQ(host.vector_bits, t.vector_bits) << name;
    EXPECT_EQ(host.vector_registers, t.vector_registers) << name;
    EXPECT_EQ(why_not_runnable(t, cpu), "") << name;
  }
}

TEST(Target, ANearMissIsSuggested) {
  try {
    find_target("x86-zen", kFolder);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::usage);
    const std::string message = e.what();
    EXPECT_NE(message.find("no target 'x86-zen', did you mean 'x86-zen"), std::string::npos)
        << message;
    EXPECT_NE(message.find("host, arm-a76"), std::string::npos) << message;
  }
}

TEST(Target, APathIsReadAndMayNotPassForTheHost) {
  const std::string path = testing::TempDir() + "halcyon-target.json";
  json j = good();
  j["name"] = "mine";
  std::ofstream(path) << j;
  EXPECT_EQ(find_target(path, "/nonexistent").name, "mine");
  j["name"] = "host";
  std::ofstream(path) << j;
  EXPECT_THROW(find_target(path, "/nonexistent"), Error);
  EXPECT_THROW(find_target("/no/such/target.json", kFolder), Error);
  std::filesystem::remove(path);
}

TEST(Target, LanesFollowFromTheWidth) {
  EXPECT_EQ(find_target("x86-zen4", kFolder).lanes(), 16);
  EXPECT_EQ(find_target("x86-zen3", kFolder).lanes(), 8);
  EXPECT_EQ(find_target("x86-zen3", kFolder).lanes(2), 16);
}

}  // namespace
}  // namespace halcyon
