#include "results/document/document.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>

#include "kernels/for_tests.h"
#include "kernels/strict_json.h"
#include "results/document/sample_network.h"
#include "results/document/sample_peers.h"
#include "results/text/json_text.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string& sample_text() {
  static const std::string text = canonical_text(sample_document());
  return text;
}
/// Of four records: two that are ok, a noisy one, a failed one.
std::string small_text(std::uint64_t seed = 1) {
  Document d = sample_document(seed);
  std::vector<Record> few;
  for (std::size_t i : {0, 24, 31, 32}) few.push_back(d.records.at(i));
  d.records = few;
  return canonical_text(d);
}
std::string refusal(const std::string& text) {
  return refusal_or_none([&] { document_from_text(text, "f"); }, Exit::data);
}
/// The text with its members changed and a hash that fits again: what only the other checks can
/// find.
std::string rehashed(const std::function<void(json&)>& change) {
  json value = json::parse(sample_text());
  value.erase("hash");
  change(value);
  value["hash"] = sha256_hex(indented_text(value));
  return indented_text(value);
}

class DocumentFile : public testing::Test {
 protected:
  const TestFolder folder_;
};

TEST(Document, ReadsBackWhatWasWritten) {
  const Document d = sample_document();
  const Document back = document_from_text(sample_text(), "f");
  EXPECT_EQ(back.records, d.records);
  EXPECT_EQ(back.machine, d.machine);
  EXPECT_EQ(back.toolchain, d.toolchain);
  EXPECT_EQ(back.targets, d.targets);
  EXPECT_EQ(back.protocol, d.protocol);
  EXPECT_EQ(canonical_text(back), sample_text());  // catches any member that is not read
}

TEST(Document, PeersOfCasesAndTheirMeansAreReadBack) {
  const Document d = peers_document();
  const Document back = document_from_text(canonical_text(d), "f");
  EXPECT_EQ(back.records, d.records);
  EXPECT_EQ(back.peer_means, d.peer_means);
  EXPECT_FALSE(document_from_text(sample_text(), "f").peer_means);
}

TEST(Document, PeersOfACaseThatDoNotAgreeAreRefusedByTheirPlace) {
  Document d = peers_document();
  d.records[0].peers->best = "litert";
  EXPECT_NE(refusal_or_none([&] { canonical_text(d); }, Exit::internal)
                .find("/records/0: peers: best: found 'litert'"),
            std::string::npos);
}

TEST(Document, GoalsAreReadBackAndMayBeAbsent) {
  const Document d = counted_document();
  EXPECT_EQ(document_from_text(canonical_text(d), "f").goals, d.goals);
  EXPECT_FALSE(document_from_text(sample_text(), "f").goals);
}

Document tuned_document() {
  Document d = sample_document();
  d.searches = {{"case",
                 "1x7x7x16 | pw 24",
                 "x86-zen4",
                 {{"recipe", 4, 1.25, true, d.records[0].id},
                  {"adams2019", 3, 0.5, false, d.records[1].id},
                  {"li2018", 0, {}, false, ""}},
                 "recipe a=1",
                 "fastest of 2"}};
  return d;
}

TEST(Document, WhatSearchesFoundIsReadBackAndMayBeAbsent) {
  const Document d = tuned_document();
  EXPECT_EQ(document_from_text(canonical_text(d), "f").searches, d.searches);
  EXPECT_FALSE(document_from_text(sample_text(), "f").searches);
}

TEST(Document, UntouchedOnesAreAccepted) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed)
    EXPECT_EQ(refusal(small_text(seed)), "") << seed;
}

std::string hash_of(const std::string& text) {
  const std::size_t begin = text.find("  \"hash\": ");
  return begin == text.npos ? "" : text.substr(begin, text.find('\n', begin) - begin);
}
std::string without_hash(std::string text) {
  const std::string line = hash_of(text) + "\n";
  if (line.size() > 1) text.erase(text.find(line), line.size());
  return text;
}

TEST(Document, EveryOneOfAThousandEditsIsFound) {
  const unsigned seed = 20261124;
  std::mt19937 random(seed);
  const std::string original = small_text();
  for (int round = 0; round < 1000; ++round) {
    std::string text = original;
    const std::size_t at = random() % text.size();
    switch (round % 4) {
      case 0:  // a byte
        text[at] = static_cast<char>(text[at] ^ (1 + random() % 255));
        break;
      case 1:  // a line dropped: a sample, a field
        text.erase(text.rfind('\n', at) + 1, text.find('\n', at) - text.rfind('\n', at));
        break;
      case 2: {  // two neighbouring lines swapped
        const std::size_t begin = text.rfind('\n', at) + 1, middle = text.find('\n', at) + 1;
        const std::size_t end = text.find('\n', middle) + 1;
        if (middle == 0 || end == 0) continue;
        std::rotate(text.begin() + static_cast<long>(begin),
                    text.begin() + static_cast<long>(middle),
                    text.begin() + static_cast<long>(end));
        break;
      }
      default:  // a digit made another
        const std::size_t digit = text.find_first_of("0123456789", at);
        if (digit != text.npos) text[digit] = static_cast<char>('0' + (text[digit] - '0' + 1) % 10);
    }
    // The hash is of the text without its own line, which may stand anywhere.
    if (without_hash(text) == without_hash(original) && hash_of(text) == hash_of(original))
      continue;
    ASSERT_NE(refusal(text), "") << "seed " << seed << " round " << round << " byte " << at;
  }
}

TEST(Document, TheHashIsWhatAnyoneCanRecompute) {
  // grep -v '^  "hash": ' results.json | sha256sum
  std::istringstream lines(sample_text());
  std::string rest, hash;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  \"hash\": "))
      hash = line;
    else
      rest += line + '\n';
  }
  EXPECT_EQ(hash, "  \"hash\": \"" + sha256_hex(rest) + "\",");
}

TEST(Document, MessagesSayWhatIsWrong) {
  std::string text = sample_text();
  text.replace(text.find("0.96"), 4, "0.97");
  EXPECT_NE(refusal(text).find("f: /hash: found "), std::string::npos);
  EXPECT_NE(refusal(text).find("changed after it was written"), std::string::npos);
  text = sample_text();
  text.insert(text.find("  \"hash\"") + 1, " ");  // same JSON, other bytes
  EXPECT_NE(refusal(text).find("on a line of its own"), std::string::npos);
  EXPECT_EQ(refusal("[]"), "f: /: expected an object, found an array of 0");
  EXPECT_EQ(refusal("{}"), "f: /schema: missing");
  EXPECT_NE(refusal(sample_text().substr(0, 1000)).find("found the end"), std::string::npos);
}

TEST(Document, ARightHashDoesNotExcuseWrongContent) {
  const auto message = [](const std::function<void(json&)>& change) {
    return refusal(rehashed(change));
  };
  EXPECT_EQ(message([](json&) {}), "");
  EXPECT_EQ(message([](json& d) { d["records"][2]["statistics"]["median_ns"] = 1.0; }),
            "f: /records/2: statistics: not those of the samples");
  EXPECT_EQ(message([](json& d) { d["records"][2].erase("unit"); }), "f: /records/2/unit: missing");
  EXPECT_EQ(message([](json& d) { d["machine"]["cores"] = 0; }),
            "f: /machine/cores: found 0, allowed 1 .. 2147483647");
  EXPECT_NE(message([](json& d) { d["targets"][0].erase("isa"); }).find("f: /targets/0"),
            std::string::npos);
  EXPECT_EQ(message([](json& d) { d["protocol"] = 7; }),
            "f: /protocol: expected an object, found 7");
  EXPECT_EQ(message([](json& d) { d["records"] = "none"; }),
            "f: /records: expected an array, found 'none'");
  EXPECT_EQ(message([](json& d) { d.erase("machine"); }), "f: /machine: missing");
}

TEST(Document, NewerMinorIsReadAndNewerMajorIsRefusedByName) {
  EXPECT_EQ(refusal(rehashed([](json& d) {
              d["schema"]["minor"] = 9;
              d["colour"] = "green";
              d["machine"]["mood"] = "good";
              d["records"][0]["later"] = {1, 2};
            })),
            "");
  EXPECT_EQ(refusal(rehashed([](json& d) { d["schema"]["major"] = 2; })),
            "f: /schema/major: found 2, this program reads up to 1: use a newer Halcyon");
  EXPECT_EQ(refusal(rehashed([](json& d) { d["schema"]["id"] = "other"; })),
            "f: /schema/id: found 'other', allowed 'halcyon-results'");
}

/// A file of each minor version, as the program of its time wrote it.
std::string kept(int minor) {
  return HALCYON_SOURCE_DIR "/results/document/versions/1." + std::to_string(minor) + ".json";
}

TEST(Document, EveryOlderVersionIsRead) {
  static_assert(Document::kMajor == 1, "a new major version comes with a way from the one before");
  for (int minor = 0; minor <= Document::kMinor; ++minor) {
    ASSERT_TRUE(fs::exists(kept(minor))) << kept(minor) << ": a new version comes with its file";
    ASSERT_EQ(read_document_text(kept(minor)).value["schema"]["minor"], minor);
    const Document d = read_document(kept(minor));
    EXPECT_EQ(d.run, "20261124T132502Z-000" + std::to_string(minor));
    ASSERT_GE(d.records.size(), 3u) << minor;
    EXPECT_EQ(d.records[0].outcome, Outcome::ok);
    EXPECT_GT(d.records[0].statistics.value().percent_of_peak, 0);
    EXPECT_EQ(d.records[1].outcome, Outcome::noisy);
    EXPECT_EQ(d.records[2].outcome, Outcome::nonfinite);
    // What each version brought.
    EXPECT_EQ(d.records.back().counts.has_value(), minor >= 1) << minor;
    EXPECT_EQ(d.goals.has_value(), minor >= 2) << minor;
    EXPECT_EQ(d.networks.size(), minor >= 3 ? 1u : 0u) << minor;
    EXPECT_EQ(d.published.has_value(), minor >= 3) << minor;
    EXPECT_EQ(d.searches.has_value(), minor >= 4) << minor;
    EXPECT_EQ(d.records[0].rejected.has_value(), minor >= 5) << minor;
    EXPECT_EQ(d.records[0].samples[0].process.has_value(), minor >= 6) << minor;
    EXPECT_EQ(d.records[0].peers.has_value(), minor >= 7) << minor;
    EXPECT_EQ(d.peer_means.has_value(), minor >= 7) << minor;
    EXPECT_EQ(!d.networks.empty() && d.networks[0].peers, minor >= 7) << minor;
    // Written anew it is of today.
    EXPECT_EQ(canonical_text(document_from_text(canonical_text(d), "f")), canonical_text(d));
  }
}

TEST(Document, WhatWeCannotReadWeDoNotWrite) {
  Document d = sample_document();
  d.peak_gflops = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(canonical_text(d), Error);
  d = sample_document();
  d.records[0].check.passed = false;
  EXPECT_THROW(canonical_text(d), Error);
}

TEST(Document, BytesThatAreNoTextBecomeText) {
  Document d = sample_document();
  d.records.resize(1);
  d.command = "halcyon bench \xFF\xFE\x1B[31m";
  EXPECT_EQ(document_from_text(canonical_text(d), "f").command,
            "halcyon bench \xEF\xBF\xBD\xEF\xBF\xBD\x1B[31m");
}

TEST(Document, AnEmptyRunIsADocument) {
  Document d = sample_document();
  d.records.clear();
  EXPECT_EQ(document_from_text(canonical_text(d), "f").records, d.records);
}

TEST_F(DocumentFile, TheSchemaAcceptsWhatWeWriteAndRefusesWhatIsWrong) {
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder_.path(name + ".json")) << text;
  };
  Document empty = sample_document();
  empty.records.clear();
  write("good-sample", sample_text());
  write("good-empty", canonical_text(empty));
  write("good-tuned", canonical_text(tuned_document()));
  write("good-networks", canonical_text(network_document()));
  write("good-peers", canonical_text(peers_document()));
  for (int minor = 0; minor <= Document::kMinor; ++minor)
    fs::copy(kept(minor), folder_.path("good-1." + std::to_string(minor) + ".json"));
  write("bad-network", rehashed([](json& d) {
          d["networks"] = json::parse(canonical_text(network_document()))["networks"];
          d["networks"][0].erase("check");
        }));
  write("bad-negative", rehashed([](json& d) { d["records"][0]["macs"] = -1; }));
  write("bad-time", rehashed([](json& d) {  // a failed row with samples
          for (json& r : d["records"])
            if (r["outcome"] == "wrong") r["samples"] = d["records"][0]["samples"];
        }));
  write("bad-outcome", rehashed([](json& d) { d["records"][0]["outcome"] = "okay"; }));
  write("bad-missing", rehashed([](json& d) { d["records"][0].erase("repro"); }));
  write("bad-hash", rehashed([](json& d) { d["run"] = 7; }));
  const std::string command = "/usr/bin/python3 '" HALCYON_SOURCE_DIR
                              "/results/document/check_schema.py' '" HALCYON_SOURCE_DIR
                              "/results/results.schema.json' '" +
                              folder_.path() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0)
      << "install Debian's python3-jsonschema if the module is missing";
}

TEST_F(DocumentFile, ReplacingShowsTheOldBytesOrTheNewOnes) {
  const std::string path = folder_.path("results.json");
  write_file_atomically(path, "old");
  EXPECT_EQ(bytes_in(path), "old");
  write_file_atomically(path, "new");
  EXPECT_EQ(bytes_in(path), "new");
  EXPECT_EQ(folder_.entries(), 1);  // nothing beside it is left
  write_file_atomically(folder_.path(std::string(255, 'n')), "long name");
  EXPECT_EQ(folder_.entries(), 2);
}

TEST_F(DocumentFile, PlacesThatCannotBeWrittenAreRefused) {
  fs::create_directory(folder_.path("folder"));
  for (const std::string& path : {folder_.path("folder"), folder_.path("none/x.json"),
                                  std::string("/dev/full"), folder_.path(std::string(256, 'n'))}) {
    try {
      write_file_atomically(path, "x");
      ADD_FAILURE() << path;
    } catch (const Error& e) {
      EXPECT_EQ(e.code, Exit::environment);
      EXPECT_EQ(std::string(e.what()).find(path + ": "), 0u);
    }
  }
  EXPECT_EQ(folder_.entries(), 1);
}

TEST_F(DocumentFile, FilesAreReadWithTheirNameInEachMessage) {
  const std::string path = folder_.path("results.json");
  write_file_atomically(path, sample_text());
  EXPECT_EQ(read_document(path).records.size(), std::size(kSampleCases));
  write_file_atomically(path, "{");
  try {
    read_document(path);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(std::string(e.what()).find(path + ":1:2: "), 0u) << e.what();
  }
}

}  // namespace
}  // namespace halcyon
