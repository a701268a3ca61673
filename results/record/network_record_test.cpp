#include "results/record/network_record.h"

#include <gtest/gtest.h>

#include <functional>

#include "kernels/for_tests.h"
#include "kernels/strict_json.h"
#include "results/document/sample_network.h"
#include "results/text/json_text.h"

namespace halcyon {
namespace {

using nlohmann::json;

const Document& document() {
  static const Document d = network_document();
  return d;
}
std::string refusal(const std::function<void(json&)>& change, const NetworkRecord& r) {
  json value = to_json(r);
  change(value);
  return refusal_or_none([&] { network_record_from_json(value, "f", "/networks/1"); }, Exit::data);
}
std::string refusal(const std::function<void(json&)>& change) {
  return refusal(change, document().networks[0]);
}

TEST(NetworkRecord, SurvivesJsonAndText) {
  std::vector<NetworkRecord> all = document().networks;
  all.push_back(counted_network("henet_tinym", document()));
  all[1].calls[2].losses.reset();
  for (const NetworkRecord& r : all) {
    const std::string text = compact_text(to_json(r));
    EXPECT_EQ(network_record_from_json(parse_json(text, "f", Exit::data)), r) << r.network;
  }
}

TEST(NetworkRecord, WhatIsDerivedFollowsFromTheFigures) {
  const NetworkRecord& r = document().networks[0];
  double shares = 0;
  for (std::size_t i = 0; i < r.calls.size(); ++i) {
    shares += r.calls[i].share;
    EXPECT_NEAR(r.calls[i].time->percent_of_peak, sample_calls()[i].percent, 1e-9);
  }
  EXPECT_NEAR(shares, 1, 1e-12);
  EXPECT_NEAR(r.statistics->percent_of_peak,
              100 * 2 * static_cast<double>(r.mac_counts_of_batch().inside) /
                  r.statistics->median_ns / 118.25,
              1e-9);
  EXPECT_EQ(r.memory.peak_bytes, 34483104 + 2408448 + 602112 + 4000 + 65536);
  NetworkRecord two = r;
  two.batch = 2;
  EXPECT_NEAR(derived(two).statistics->percent_of_peak, 2 * r.statistics->percent_of_peak, 1e-9);
}

TEST(NetworkRecord, WhatCannotBeIsRefusedWithItsPlace) {
  EXPECT_EQ(refusal([](json&) {}), "");
  const auto begins = [](const std::function<void(json&)>& change, const std::string& words) {
    const std::string message = refusal(change);
    EXPECT_TRUE(message.starts_with("f: /networks/1" + words)) << message;
  };
  begins([](json& r) { r["schema"] = 2; }, "/schema: found 2, this program reads up to 1");
  begins([](json& r) { r["unit"] = "model_cycles"; }, ": unit: found 'model_cycles'");
  begins([](json& r) { r["batch"] = 0; }, "/batch: found 0");
  begins([](json& r) { r["threads"] = -1; }, "/threads: found -1");
  begins([](json& r) { r["calls"][3]["macs"] = "many"; }, "/calls/3/macs: ");
  begins([](json& r) { r["calls"][3]["share"] = 1.5; }, "/calls/3/share: found 1.5");
  begins([](json& r) { r["calls"][3].erase("problem"); }, "/calls/3/problem: missing");
  begins([](json& r) { r["calls"][3]["share"] = 0.5; }, ": calls/3: share, percent_of_peak: not");
  begins([](json& r) { r["calls"][3]["time"]["percent_of_peak"] = 99; }, ": calls/3: share");
  begins([](json& r) { r["calls"][3].erase("time"); }, ": calls/3: found a figure of some calls");
  begins([](json& r) { r["calls"][3]["alone"]["state"] = "hot"; },
         "/calls/3/alone/state: found 'hot'");
  begins([](json& r) { r["calls"][3]["gaps"][0]["cause"] = "luck"; }, ": calls/3: gaps: cause: ");
  begins([](json& r) { r["calls"][3]["gaps"][0]["ns"] = 1e9; }, ": calls/3: gaps: found 1000");
  begins([](json& r) { r["calls"][3]["gaps"][0]["ns"] = -1; }, "/calls/3/gaps/0/ns: found -1");
  begins([](json& r) { r["memory"]["peak_bytes"] = 1; }, ": memory: peak_bytes: found 1, allowed");
  begins([](json& r) { r["statistics"]["median_ns"] = 1; }, ": statistics: not those of");
  begins([](json& r) { r["check"]["passed"] = false; }, ": check: found outcome ok without");
  begins([](json& r) { r["outcome"] = "wrong"; }, ": samples: found 31 with outcome wrong");
  begins([](json& r) { r["calls"] = 7; }, "/calls: expected an array");
}

TEST(NetworkRecord, CountsAndTimesAreNeverMixed) {
  const NetworkRecord counted = counted_network("henet_tinym", document());
  EXPECT_EQ(refusal([](json&) {}, counted), "");
  EXPECT_NE(refusal(
                [](json& r) {
                  for (json& call : r["calls"])
                    call["time"] = {{"median_ns", 1}, {"q25_ns", 1}, {"percent_of_peak", 0}};
                },
                counted)
                .find("time: found one where the network has none"),
            std::string::npos);
  EXPECT_NE(refusal([&](json& r) { r["counts"] = to_json(counted)["counts"]; }).find("counts: "),
            std::string::npos);
}

TEST(NetworkRecord, DocumentsCarryAndCoverThem) {
  const Document d = document();
  const std::string text = canonical_text(d);
  const Document back = document_from_text(text, "f");
  EXPECT_EQ(back.networks, d.networks);
  EXPECT_EQ(back.published, d.published);
  EXPECT_EQ(canonical_text(back), text);
  std::string changed = text;
  changed.replace(changed.find("8637608"), 7, "8637607");
  EXPECT_THROW(document_from_text(changed, "f"), Error);  // the hash covers them
  Document wrong = d;
  wrong.networks[0].calls[0].share = 0.9;
  EXPECT_THROW(canonical_text(wrong), Error);
  EXPECT_EQ(canonical_text(sample_document()).find("\n  \"networks\""), std::string::npos);
}

TEST(NetworkRecord, PercentOfPeakCountsNoPaddedTaps) {
  const NetworkRecord r = sample_network("henet_tinye", sample_document());
  const MacCounts macs = r.mac_counts_of_batch();
  std::int64_t inside = 0;
  for (const NetworkCall& c : r.calls) inside += Problem::parse(c.problem).macs_inside();
  EXPECT_EQ(macs.macs, r.macs);
  EXPECT_EQ(macs.inside, inside);
  EXPECT_LT(macs.inside, macs.macs);
  const double inside_gflops = 2 * static_cast<double>(inside) / r.statistics->median_ns;
  EXPECT_NEAR(r.statistics->percent_of_peak, 100 * inside_gflops / r.statistics->peak_gflops, 1e-9);
}

TEST(NetworkRecord, AnOlderFormThatCountsPaddedTapsInItsPercentsIsReadAsOfToday) {
  const NetworkRecord today = sample_network("henet_tinye", sample_document());
  NetworkRecord older = today;
  Statistics& s = *older.statistics;
  s.percent_of_peak = 100 * s.gflops / s.peak_gflops;
  for (NetworkCall& c : older.calls) {
    const MacCounts macs = c.mac_counts();
    if (macs.inside == macs.macs) continue;
    const double wider = static_cast<double>(macs.macs) / static_cast<double>(macs.inside);
    const double before = c.least_ns();
    c.time->percent_of_peak *= wider;
    c.alone->percent_of_peak *= wider;
    c.losses->back().ns -= c.least_ns() - before;
  }
  ASSERT_NE(check_network_record(older), "");
  const NetworkRecord read = network_record_from_json(to_json(older));
  EXPECT_EQ(check_network_record(read), "");
  EXPECT_NEAR(read.statistics->percent_of_peak, today.statistics->percent_of_peak, 1e-9);
  for (std::size_t i = 0; i < read.calls.size(); ++i) {
    EXPECT_NEAR(read.calls[i].time->percent_of_peak, today.calls[i].time->percent_of_peak, 1e-9);
    EXPECT_NEAR(read.calls[i].alone->percent_of_peak, today.calls[i].alone->percent_of_peak, 1e-9);
    EXPECT_NEAR(read.calls[i].losses->back().ns, today.calls[i].losses->back().ns, 1e-6);
  }
}

}  // namespace
}  // namespace halcyon
