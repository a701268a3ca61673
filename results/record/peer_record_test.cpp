#include "results/record/peer_record.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "kernels/error.h"

namespace halcyon {
namespace {

constexpr MacCounts kMacs = {1'000'000, 900'000};

/// 20 rounds of `ns` with a ripple of its own; every seventh does not count.
std::vector<Sample> rounds(std::int64_t ns, int phase) {
  std::vector<Sample> samples;
  for (int i = 0; i < 20; i++) {
    Sample s;
    s.ns = 2 * ns + (i * 7 + phase) % 5 * ns / 100;
    s.iterations = 2;
    s.probe_before = s.probe_after = 100;
    s.read_before = s.read_after = 50;
    s.order = 3 * i + phase;
    s.accepted = (i + phase) % 7 != 0;
    samples.push_back(s);
  }
  return samples;
}

PeerResult timed(const std::string& name, std::int64_t ns, int phase) {
  PeerResult r;
  r.name = name;
  r.version = "1.2.3";
  r.options = "threads=1";
  r.outcome = PeerOutcome::ok;
  r.max_error = 1e-6;
  r.samples = rounds(ns, phase);
  return r;
}

PeerResult without_time(const std::string& name, PeerOutcome outcome, const std::string& why) {
  PeerResult r;
  r.name = name;
  r.outcome = outcome;
  r.detail = why;
  return r;
}

PeerComparison sample_comparison() {
  PeerComparison c;
  c.inferences = 2;
  c.error_tolerance = 1e-4;
  c.own = timed("halcyon", 5'600'000, 0);
  c.peers = {timed("onnxruntime", 7'280'000, 1), timed("openvino", 7'400'000, 2),
             without_time("ncnn", PeerOutcome::absent, "not installed")};
  return derived(std::move(c), kMacs);
}

TEST(PeerRecord, TheBestPeerIsTheOneWhoseRatioIsLeast) {
  PeerComparison c = sample_comparison();
  EXPECT_EQ(c.best, "onnxruntime");
  EXPECT_EQ(best_of(c), &c.peers[0]);
  c.peers[0].outcome = PeerOutcome::noisy;
  EXPECT_EQ(derived(c, kMacs).best, "openvino");
  c.peers.clear();
  EXPECT_EQ(best_of(derived(c, kMacs)), nullptr);
}

/// The quicker peer computes in less than ours does.
PeerComparison mixed_comparison(double sqnr_db) {
  PeerComparison c = sample_comparison();
  c.dtype = "i8";
  c.peers[0].precision = "i8";
  c.peers[0].max_error = 0.2;
  c.peers[0].sqnr_db = sqnr_db;
  return derived(std::move(c), kMacs);
}

TEST(PeerRecord, TheBestPeerIsOfOurPrecision) {
  const PeerComparison c = mixed_comparison(21.5);
  EXPECT_EQ(check_peer_comparison(c, kMacs), "") << "no tolerance of f32 holds of it";
  EXPECT_TRUE(c.peers[0].mixed_precision);
  EXPECT_FALSE(c.peers[1].mixed_precision || c.peers[0].doubtful);
  EXPECT_FALSE(c.peers[2].mixed_precision) << "it has no ratio";
  EXPECT_EQ(c.best, "openvino");
  EXPECT_EQ(fastest_mixed(c), &c.peers[0]);
  EXPECT_EQ(fastest_mixed(sample_comparison()), nullptr);
}

TEST(PeerRecord, WhoIsBelowTheFloorIsDoubtfulAndTheFastestOfNone) {
  const PeerComparison c = mixed_comparison(-3.5);
  EXPECT_EQ(check_peer_comparison(c, kMacs), "");
  EXPECT_TRUE(c.peers[0].doubtful);
  EXPECT_TRUE(c.peers[0].ratio) << "its time stands";
  EXPECT_EQ(fastest_mixed(c), nullptr);
  EXPECT_EQ(peer_comparison_from_json(nlohmann::json::parse(to_json(c).dump()), kMacs), c);
}

TEST(PeerRecord, AnOlderFormIsOfF32) {
  nlohmann::json j = to_json(sample_comparison());
  for (const char* key : {"dtype", "sqnr_floor_db"}) j.erase(key);
  for (nlohmann::json* r : {&j["own"], &j["peers"][0], &j["peers"][1], &j["peers"][2]})
    for (const char* key : {"precision", "mixed_precision", "doubtful"}) r->erase(key);
  EXPECT_EQ(peer_comparison_from_json(j, kMacs), sample_comparison());
}

TEST(PeerRecord, ARatioIsOfRoundsInWhichBothCounted) {
  PeerComparison c = sample_comparison();
  EXPECT_NEAR(c.peers[0].ratio->estimate, 1.3, 0.02);
  EXPECT_LE(c.peers[0].ratio->low, c.peers[0].ratio->estimate);
  EXPECT_GE(c.peers[0].ratio->high, c.peers[0].ratio->estimate);
  const Interval before = *c.peers[0].ratio;
  EXPECT_EQ(shared_rounds(c.own.samples, c.peers[0].samples), 15);
  for (std::size_t i = 0; i < c.own.samples.size();
       i++)  // a disturbance in rounds that do not count
    if (!c.own.samples[i].accepted) c.peers[0].samples[i].ns *= 3;
  EXPECT_EQ(derived(c, kMacs).peers[0].ratio, before);
}

TEST(PeerRecord, WhoHasNoTimeHasNoRatio) {
  PeerComparison c = sample_comparison();
  c.own.outcome = PeerOutcome::noisy;
  c = derived(c, kMacs);
  EXPECT_FALSE(c.peers[0].ratio);
  EXPECT_TRUE(c.peers[0].statistics);
  EXPECT_EQ(c.best, "");
}

TEST(PeerRecord, JsonGivesItBack) {
  const PeerComparison c = sample_comparison();
  EXPECT_EQ(peer_comparison_from_json(nlohmann::json::parse(to_json(c).dump()), kMacs), c);
}

TEST(PeerRecord, WhatDoesNotAgreeIsRefusedByItsField) {
  const auto wrong = [](auto change) {
    PeerComparison c = sample_comparison();
    change(c);
    return check_peer_comparison(c, kMacs);
  };
  using C = PeerComparison;
  EXPECT_EQ(check_peer_comparison(sample_comparison(), kMacs), "");
  EXPECT_EQ(wrong([](C& c) { c.best = "openvino"; }),
            "best: found 'openvino', allowed 'onnxruntime'");
  EXPECT_EQ(wrong([](C& c) { c.peers[1].ratio->low *= 1.001; }),
            "peers: 'openvino': ratio: not that of the samples");
  EXPECT_EQ(wrong([](C& c) { c.peers[0].statistics->median_ns = 1; }),
            "peers: 'onnxruntime': statistics: not those of the samples");
  EXPECT_EQ(wrong([](C& c) { c.peers[0].outcome = PeerOutcome::wrong; }),
            "peers: 'onnxruntime': samples: found some with outcome wrong: such a row has no time");
  EXPECT_EQ(wrong([](C& c) { c.own.max_error = 2e-4; }),
            "own: max_error: found none within the tolerance with outcome ok");
  EXPECT_EQ(wrong([](C& c) { c.own.max_error.reset(); }),
            "own: max_error: found none within the tolerance with outcome ok");
  EXPECT_EQ(wrong([](C& c) { c.peers[0].precision = "bf16"; }),
            "peers: 'onnxruntime': mixed_precision: not as the precisions are");
  EXPECT_EQ(wrong([](C& c) { c.peers[1].doubtful = true; }),
            "peers: 'openvino': doubtful: not as precision and sqnr_db are");
  EXPECT_EQ(wrong([](C& c) { c.peers[2].sqnr_db = 20; }),
            "peers: 'ncnn': sqnr_db: found one without max_error");
  EXPECT_EQ(wrong([](C& c) { c.peers[2].precision = ""; }),
            "peers: 'ncnn': precision: found nothing");
  EXPECT_EQ(wrong([](C& c) {
              c.own.ratio = Interval{1, 1, 1};
            }),
            "own: ratio: found one of ours to ours");
  EXPECT_EQ(wrong([](C& c) { c.peers[2].statistics = c.own.statistics; }).substr(0, 28),
            "peers: 'ncnn': statistics: f");
}

TEST(PeerRecord, AnUnknownOutcomeIsNamedWithWhatIsAllowed) {
  nlohmann::json j = to_json(sample_comparison());
  j["peers"][1]["outcome"] = "won";
  try {
    peer_comparison_from_json(j, kMacs, "x.json", "/networks/0/peers");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::data);
    EXPECT_EQ(std::string(e.what()),
              "x.json: /networks/0/peers/peers/1/outcome: found 'won', allowed ok, noisy, wrong, "
              "failed, absent");
  }
}

}  // namespace
}  // namespace halcyon
