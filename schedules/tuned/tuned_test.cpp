#include "schedules/tuned/tuned.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "schedules/tuned/tuned_sample.h"

namespace halcyon {
namespace {

using nlohmann::json;

class Tuned : public TunedFolder {
 protected:
  std::string file() const { return root_ + "/pw.json"; }
  std::vector<TunedEntry> read(const json& value) const {
    std::ofstream(file(), std::ios::trunc) << value.dump();
    return read_tuned(file());
  }
  /// What is said of the one entry when the value at `pointer` of the file is another.
  std::string refusal(const std::string& pointer, const json& value) const {
    json all = to_json(std::vector{tuned_entry("1x14x14x32 | pw 64")});
    all[json::json_pointer(pointer)] = value;
    return refusal_of([&] { read(all); });
  }
};

TEST_F(Tuned, EntriesReadBackAsTheyWereWritten) {
  const std::vector written = {tuned_entry("1x14x14x32 | pw 64"), tuned_entry("1x7x7x32 | pw 96")};
  EXPECT_EQ(read(to_json(written)), written);
  EXPECT_TRUE(read(to_json(std::vector<TunedEntry>())).empty());
}

TEST_F(Tuned, OlderFilesCallTheDeviceAMeter) {
  const std::vector written = {tuned_entry("1x14x14x32 | pw 64")};
  json older = to_json(written);
  json& evidence = older["tuned"][0]["evidence"];
  evidence["meter"] = evidence["device"];
  evidence.erase("device");
  EXPECT_EQ(read(older), written);
}

TEST_F(Tuned, EntriesAreSortedAndOneReplacesItsOwnProblemAndCpuOnly) {
  std::vector<TunedEntry> all;
  for (const char* line : {"1x7x7x32 | pw 96", "1x14x14x32 | pw 64", "1x7x7x32 | pw 96"})
    put_tuned(all, tuned_entry(line));
  put_tuned(all, tuned_entry("1x7x7x32 | pw 96", "another CPU"));
  TunedEntry better = tuned_entry("1x14x14x32 | pw 64");
  better.states[0].speedup = 1.075;
  put_tuned(all, better);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0], better);
  EXPECT_EQ(all[2].cpu_id, "another CPU");
  EXPECT_EQ(read(to_json(all)), all);
  std::swap(all[0], all[1]);
  EXPECT_THROW(read(to_json(all)), Error);
  all[0] = all[1];
  EXPECT_THROW(read(to_json(all)), Error);
}

// As files were before an entry said more of its CPU than the brand.
TEST_F(Tuned, EntriesThatKnowTheirCpuByItsBrandOnlyAreRead) {
  std::vector<TunedEntry> all;
  for (const char* brand : {"b", "a"}) {
    TunedEntry old = tuned_entry("1x7x7x32 | pw 96", "");
    old.cpu = brand;
    put_tuned(all, old);
  }
  ASSERT_EQ(all.size(), 2u) << "two brands are two CPUs";
  EXPECT_FALSE(to_json(all)["tuned"][0]["evidence"].contains("cpu_id"));
  EXPECT_EQ(read(to_json(all)), all);
  put_tuned(all, tuned_entry("1x7x7x32 | pw 96"));
  EXPECT_EQ(all.size(), 3u) << "a brand is no CPU's";
  TunedEntry renamed = tuned_entry("1x7x7x32 | pw 96");
  renamed.cpu = "EPYC 9654";
  put_tuned(all, renamed);
  EXPECT_EQ(all.size(), 3u) << "one CPU, whatever it is called";
  EXPECT_EQ(read(to_json(all)), all);
}

TEST_F(Tuned, EntriesOfOtherThreadCountsStandBesideEachOther) {
  std::vector<TunedEntry> all = {tuned_entry("1x7x7x32 | pw 96")};
  TunedEntry two = all[0];
  two.threads = 2;
  put_tuned(all, two);
  EXPECT_EQ(all.size(), 2u);
  EXPECT_FALSE(to_json(all)["tuned"][0].contains("threads"));
  EXPECT_EQ(read(to_json(all)), all);
}

TEST_F(Tuned, WhatIsNoEntryIsRefusedWithFileAndPlace) {
  const std::string at = "/tuned/0";
  const auto names = [&](const std::string& pointer, const json& value) {
    const std::string said = refusal(pointer, value);
    return said.find(file() + ": " + pointer + ": ") == 0 ? "" : said;
  };
  EXPECT_EQ(names(at + "/problem", "1x14x14x32 |  pw 64"), "") << "not canonical";
  EXPECT_EQ(names(at + "/problem", "1x14x14x32 | pq 64"), "");
  EXPECT_EQ(names(at + "/point/tile_p", "6"), "");
  EXPECT_EQ(names(at + "/steps/0", json::object()), "");
  EXPECT_EQ(names(at + "/evidence/states", json::array()), "");
  EXPECT_EQ(names(at + "/evidence/states/0/low", 0.99), "") << "no winner";
  EXPECT_EQ(names(at + "/threads", 1), "") << "left out where it is 1";
  EXPECT_EQ(names(at + "/evidence/rekord", "x"), "") << "unknown key";
  EXPECT_NE(refusal("/tuned", nullptr).find("/tuned"), std::string::npos);
}

TEST_F(Tuned, AWinnerInsideANetworkMayLoseAloneAndNamesTheNetwork) {
  TunedEntry e = tuned_entry("1x14x14x32 | pw 64");
  e.states[0].low = 0.9;
  EXPECT_NE(refusal("/tuned/0/evidence/states/1/low", 0.9).find("states/1/low"), std::string::npos);
  e.states.push_back({kInNetwork, 1.05, 1.03, 1.06, 90});
  e.network = "net";
  EXPECT_EQ(read(to_json(std::vector{e})), std::vector{e});
  TunedEntry alone = tuned_entry("1x14x14x32 | pw 64");
  alone.states.push_back({kInNetwork, 1.001, 0.99, 1.01, 90});
  alone.network = "net";
  EXPECT_EQ(read(to_json(std::vector{alone})), std::vector{alone}) << "a winner in the others";
  const auto refused = [&](TunedEntry entry, const std::string& place) {
    try {
      read(to_json(std::vector{entry}));
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("/tuned/0/evidence/" + place), std::string::npos)
          << error.what();
    }
  };
  e.states[2].low = 0.99;
  refused(e, "states/0/low");
  e.states = {{kInNetwork, 1.01, 0.99, 1.03, 90}};
  refused(e, "states/0/low");
  alone.network = "";
  refused(alone, "network");
  TunedEntry named = tuned_entry("1x14x14x32 | pw 64");
  named.network = "net";
  refused(named, "network");
}

TEST_F(Tuned, FilesAreNamedAfterFamilyAndKernel) {
  EXPECT_EQ(tuned_path("f", "zen4", Problem::parse("1x8x8x8 | dw 3x3")), "f/zen4/dw.json");
  EXPECT_EQ(tuned_path("f", "a78ae", Problem::parse("1x8x8x8 | dw 3x3 | pw 16 gelu")),
            "f/a78ae/chain.json");
}

}  // namespace
}  // namespace halcyon
