#include "results/verify/verify.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <locale>
#include <random>

#include "results/document/digests.h"
#include "results/document/sample_network.h"
#include "results/document/sample_peers.h"
#include "results/text/json_text.h"

namespace halcyon {
namespace {

using nlohmann::json;
using Random = std::mt19937_64;

/// So many edits, or HALCYON_EDITS.
int edits(int usual) {
  const char* wanted = std::getenv("HALCYON_EDITS");
  return wanted ? std::max(1, std::atoi(wanted)) : usual;
}

/// Cases that are ok, noisy and failed, of which one has peers; a network. Few samples each, for
/// every edit of it is looked at.
Document small_document(std::uint64_t seed = 1) {
  Document d = sample_document(seed);
  std::vector<Record> few;
  for (std::size_t i : {0, 1, 31, 32, 36}) few.push_back(d.records.at(i));
  d.records = few;
  d.records[0].peers = sample_peers(d.records[0], 1.5, 4);
  for (PeerResult* system :
       {&d.records[0].peers->own, &d.records[0].peers->peers[0], &d.records[0].peers->peers[1]})
    system->samples.resize(12);
  for (Record& r : d.records) {
    if (r.samples.size() > 12)  // the last of them are refused
      r.samples.erase(r.samples.begin() + 8, r.samples.begin() + 27);
    r = derived(r);
  }
  d.peer_means = peer_means(cases_with_peers(d.records));
  d.networks = {sample_network("henet_tinye", d)};
  d.networks[0].samples.erase(d.networks[0].samples.begin(), d.networks[0].samples.end() - 8);
  d.networks[0].calls.resize(3);
  d.networks[0] = derived(d.networks[0]);
  return d;
}

Flaws findings_in(const std::string& text) { return verify_document(text, {}).findings; }
std::string all_of(const Flaws& findings) {
  std::string text;
  for (const Flaw& f : findings) text += to_text(f) + "\n";
  return text;
}

/// With hash, and digests where asked for, made anew: what only the other checks can find.
std::string rehashed(json value, bool digests) {
  value.erase("hash");
  if (digests) value["digests"] = digests_of(value);
  value["hash"] = sha256_hex(indented_text(value));
  return indented_text(value);
}

TEST(Verify, WhatWeWriteIsRight) {
  EXPECT_EQ(all_of(findings_in(canonical_text(sample_document()))), "");
  EXPECT_EQ(all_of(findings_in(canonical_text(small_document()))), "");
  EXPECT_EQ(all_of(findings_in(canonical_text(network_document()))), "");
  EXPECT_GT(verify_document(canonical_text(small_document()), {}).derived, 900u);
}

/// Every value that holds no other, and every list of two or more.
struct Places {
  std::vector<json::json_pointer> leaves, lists;
  explicit Places(const json& value) { walk(value, json::json_pointer()); }
  void walk(const json& value, const json::json_pointer& at) {
    if (!value.is_structured()) return leaves.push_back(at);
    if (value.is_array() && value.size() > 1) lists.push_back(at);
    if (value.is_array())
      for (std::size_t i = 0; i < value.size(); ++i) walk(value[i], at / i);
    else
      for (const auto& [key, item] : value.items()) walk(item, at / key);
  }
};

template <class List>
auto& one_of(List& list, Random& random) {
  return list.at(random() % list.size());
}

void change_value(json& v, Random& random) {
  if (v.is_boolean()) {
    v = !v.get<bool>();
  } else if (v.is_number_float()) {
    v = v.get<double>() == 0 ? 1.5 : v.get<double>() * (random() % 2 ? 1.001 : 0.5);
  } else if (v.is_number()) {
    v = v.get<std::int64_t>() + 1 + static_cast<std::int64_t>(random() % 3);
  } else if (v.is_null()) {
    v = 1.25;
  } else {
    std::string text = v.get<std::string>();
    if (text.empty()) {
      text = "x";
    } else {
      char& c = text[random() % text.size()];
      c = c == 'a' ? 'b' : 'a';
    }
    v = text;
  }
}

/// What follows from other values, by the functions that wrote it.
bool is_derived(const std::string& pointer) {
  for (const char* part :
       {"/statistics/", "/rejected/", "/ratio/", "/best", "/peak_bytes", "/share",
        "/time/percent_of_peak", "/macs", "/macs_inside", "/parameters", "/weight_bytes",
        "/activation_bytes", "/dtype", "/mixed_precision", "/doubtful", "/peer_means/"})
    if (pointer.find(part) != pointer.npos &&
        (pointer.starts_with("/records/") || pointer.starts_with("/peer_means/") ||
         pointer.find("/statistics/") != pointer.npos || pointer.find("/share") != pointer.npos ||
         pointer.find("peak") != pointer.npos))
      return pointer.find("/error_tolerance") == pointer.npos && !pointer.ends_with("/peers/dtype");
  return false;
}

TEST(Verify, EveryRandomEditIsFound) {
  const std::uint64_t seed = 20261130;
  Random random(seed);
  const std::string original = canonical_text(small_document());
  const json untouched = json::parse(original);
  const Places places(untouched);
  std::vector<json::json_pointer> derived;
  for (const auto& leaf : places.leaves)
    if (is_derived(leaf.to_string())) derived.push_back(leaf);
  ASSERT_GT(derived.size(), 100u);
  const int wanted = edits(60);
  for (int round = 0, made = 0; made < wanted; ++round) {
    json value = untouched;
    std::string text, what;
    const bool hash_anew = random() % 2 == 0;
    const auto at_random = [&](const std::vector<json::json_pointer>& all) {
      const json::json_pointer at = all[random() % all.size()];
      what = at.to_string();
      return at;
    };
    switch (round % 6) {
      case 0:
        change_value(value[at_random(places.leaves)], random);
        break;
      case 1: {  // order
        json& list = value[at_random(places.lists)];
        const std::size_t i = random() % list.size(), j = random() % list.size();
        std::swap(list[i], list[j]);
        break;
      }
      case 2: {  // a duplicate
        json& list = value[at_random(places.lists)];
        const json copy = one_of(list, random);
        list.insert(list.begin() + static_cast<std::ptrdiff_t>(random() % list.size()), copy);
        break;
      }
      case 3: {  // something is gone
        json& list = value[at_random(places.lists)];
        list.erase(random() % list.size());
        break;
      }
      case 4:  // truncation
        text = original.substr(0, random() % (original.size() - 1));
        break;
      default:  // a derived figure; hash and digests made anew
        change_value(value[at_random(derived)], random);
        text = rehashed(value, true);
    }
    if (text.empty()) text = hash_anew ? rehashed(value, false) : indented_text(value);
    if (value == untouched && round % 6 != 4) continue;  // equal ones were swapped
    ++made;
    EXPECT_FALSE(findings_in(text).empty()) << "seed " << seed << ", round " << round << ": "
                                            << what << (hash_anew ? ", rehashed" : "");
  }
}

/// A decimal comma and points between thousands.
struct Comma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(Verify, UntouchedFilesAreRightInAnyLocaleAndTimeZone) {
  const std::locale usual;
  for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8"})
    if (std::setlocale(LC_ALL, name)) break;
  std::locale::global(std::locale(usual, new Comma));
  setenv("TZ", "Pacific/Apia", 1);
  tzset();
  for (int seed = 1; seed <= std::max(5, edits(50) / 10); ++seed)
    EXPECT_EQ(all_of(findings_in(canonical_text(small_document(seed)))), "") << seed;
  unsetenv("TZ");
  std::locale::global(usual);
  std::setlocale(LC_ALL, "C");
}

/// The finding at a pointer after one change, hash and digests made anew.
std::string finding_after(const std::function<void(json&)>& change, const std::string& pointer,
                          const Document& d = small_document()) {
  json value = json::parse(canonical_text(d));
  change(value);
  const Flaws found = findings_in(rehashed(value, true));
  for (const Flaw& f : found)
    if (f.pointer == pointer) return f.text;
  return "nothing at " + pointer + " but:\n" + all_of(found);
}

TEST(Verify, AFindingSaysWhereAndWhatWasFound) {
  EXPECT_EQ(finding_after([](json& d) { d["records"][0]["macs"] = 7; }, "/records/0/macs"),
            "found 7, derived is 1806336");
  EXPECT_NE(finding_after([](json& d) { d["records"][1]["statistics"]["median_ns"] = 1.5; },
                          "/records/1/statistics/median_ns")
                .find("found 1.5, derived is "),
            std::string::npos);
  EXPECT_NE(
      finding_after([](json& d) { d["records"][0]["peers"]["peers"][0]["ratio"]["low"] = 1.0; },
                    "/records/0/peers/peers/0/ratio/low")
          .find("found 1.0, derived is "),
      std::string::npos);
  EXPECT_NE(finding_after([](json& d) { d["peer_means"][0]["cases"] = 9; }, "/peer_means/0/cases")
                .find("found 9, derived is "),
            std::string::npos);
  EXPECT_EQ(finding_after([](json& d) { d["records"][0]["mood"] = "good"; }, "/records/0/mood"),
            "found 'good', which has no place here");
  EXPECT_EQ(finding_after([](json& d) { d["records"][0].erase("repro"); }, "/records/0/repro"),
            "missing");
}

TEST(Verify, RulesAreKept) {
  const auto text = [](const std::function<void(json&)>& change, const char* pointer) {
    return finding_after(change, pointer);
  };
  EXPECT_EQ(text([](json& d) { d["records"].insert(d["records"].begin(), d["records"][0]); },
                 "/records/1/id"),
            "is that of /records/0/id, too");
  EXPECT_EQ(text([](json& d) { d["records"][0]["rival"] = "adams2019"; }, "/records/0"),
            "is beside case 'dw3-112x112x16', which stands nowhere before it");
  EXPECT_EQ(text([](json& d) { d["records"][0]["family"] = "zen5"; }, "/records/0/family"),
            "found 'zen5', its target's is 'zen4'");
  EXPECT_EQ(text([](json& d) { d["records"][0]["target"] = "x86-zen9"; }, "/records/0/target"),
            "found 'x86-zen9', which is no target of the run");
  EXPECT_EQ(text([](json& d) { d["ended_utc"] = "2026-11-24T13:25:01Z"; }, "/ended_utc"),
            "found '2026-11-24T13:25:01Z', before it started");
  EXPECT_EQ(text([](json& d) { d["records"][0]["schedule"] = "out:  vectorize ci\n"; },
                 "/records/0/schedule"),
            "not in the form in which schedules are written");
  EXPECT_EQ(
      text([](json& d) { d["records"][0]["object_sha256"] = "ab"; }, "/records/0/object_sha256"),
      "found 'ab', allowed 64 hex digits");
  EXPECT_EQ(text([](json& d) { d["records"][0]["samples"][1]["order"] = 0; },
                 "/records/0/samples/1/order")
                .substr(0, 8),
            "found 0 ");
  EXPECT_EQ(text([](json& d) { d["records"][0]["samples"][11]["accepted"] = true; },
                 "/records/0/samples/11/accepted"),
            "found true of one that gates refused");
}

TEST(Verify, DigestsSayWhichPartWasChanged) {
  json value = json::parse(canonical_text(small_document()));
  value["records"][3]["detail"] = "all is well";
  const Flaws found = findings_in(rehashed(value, false));
  ASSERT_EQ(found.size(), 1u) << all_of(found);
  EXPECT_EQ(found[0].pointer, "/records/3");
  std::swap(value["records"][3], value["records"][4]);
  EXPECT_EQ(findings_in(rehashed(value, false)).size(), 2u);
  value = json::parse(canonical_text(small_document()));
  value["seconds"] = 1.5;
  EXPECT_EQ(findings_in(rehashed(value, false)).at(0).text.substr(0, 19), "all but the records");
}

TEST(Verify, BytesThatAreNotCanonicalAreFound) {
  std::string text = canonical_text(small_document());
  text.replace(text.find("  \"complete\": true"), 18, "  \"complete\":  true");
  EXPECT_NE(all_of(findings_in(text)).find("is not in the canonical form"), std::string::npos);
  // A number in another spelling is another text, though it says the same.
  json value = json::parse(canonical_text(small_document()));
  value["seconds"] = 402;
  Document whole = small_document();
  whole.seconds = 402;
  EXPECT_EQ(all_of(findings_in(canonical_text(whole))), "");
  EXPECT_EQ(finding_after([](json& d) { d["seconds"] = 402; }, "/seconds", whole),
            "found 402, written is 402.0");
}

TEST(Verify, WhatIsNoDocumentIsOneFinding) {
  for (const char* text : {"", "{", "[]", "{}", "\xFF", "{\"schema\": {\"id\": \"other\"}}"})
    EXPECT_FALSE(findings_in(text).empty()) << text;
}

TEST(Verify, DocumentsOfOlderVersionsAreRightAsWhatTheyAre) {
  for (int minor = 0; minor <= Document::kMinor; ++minor) {
    const std::string path =
        HALCYON_SOURCE_DIR "/results/document/versions/1." + std::to_string(minor) + ".json";
    for (const Flaw& f : findings_in(read_document_bytes(path)))
      // Its macs and target are made up: in those files it stands for counts alone.
      EXPECT_TRUE(f.pointer.starts_with("/records/3/") && minor < 8) << path << to_text(f);
  }
}

TEST(Verify, WhatKeepsARunFromBeingPublishedIsSaid) {
  Document d = sample_document();
  d.records.resize(2);
  d.protocol["wanted_samples"] = 31;
  EXPECT_EQ(all_of(why_not_published(d, 31)), "");
  d.toolchain.dirty = true;
  d.complete = false;
  d.protocol["wanted_samples"] = 15;
  d.records.push_back(sample_document().records.at(31));  // noisy
  const Flaws found = why_not_published(d, 31);
  std::vector<std::string> pointers;
  for (const Flaw& f : found) pointers.push_back(f.pointer);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/toolchain/dirty", "/complete",
                                                "/protocol/wanted_samples", "/records/2/outcome"}));
}

}  // namespace
}  // namespace halcyon
