#include "results/figures/network_alone.h"

#include <gtest/gtest.h>

#include "results/document/sample_network.h"
#include "results/record/stats.h"

namespace halcyon {
namespace {

/// A record of a call's problem by itself that took so long.
Record record_of(const NetworkRecord& network, const NetworkCall& call, CacheState state,
                 std::int64_t ns) {
  Record r;
  r.problem = call.problem;
  r.object_sha256 = call.object_sha256;
  r.target = network.target;
  r.threads = network.threads;
  r.state = state;
  r.outcome = Outcome::ok;
  r.macs = call.macs;
  r.macs_inside = call.mac_counts().inside;
  r.samples = {{.ns = ns, .probe_before = 100, .probe_after = 100, .accepted = true}};
  r.statistics = statistics_of(r.samples, r.mac_counts());
  return r;
}

NetworkRecord without_alone() {
  NetworkRecord r = network_document().networks[0];
  for (NetworkCall& c : r.calls) c.alone.reset();
  return r;
}

TEST(NetworkAlone, EachCallOfAProblemGetsItsFigureWithColdWeightsBeforeOthers) {
  NetworkRecord r = without_alone();
  take_alone(r, {record_of(r, r.calls[2], CacheState::warm, 1000),
                 record_of(r, r.calls[2], CacheState::cold_weights, 1100),
                 record_of(r, r.calls[3], CacheState::warm, 2000)});
  EXPECT_EQ(r.calls[2].alone->state, CacheState::cold_weights);
  EXPECT_EQ(r.calls[2].alone->median_ns, 1100);
  EXPECT_NEAR(r.calls[2].alone->percent_of_peak,
              2 * static_cast<double>(r.calls[2].mac_counts().inside) / 1100, 1e-9);
  EXPECT_EQ(r.calls[5].alone, r.calls[2].alone);  // the same problem again
  EXPECT_EQ(r.calls[3].alone->state, CacheState::warm);
  EXPECT_FALSE(r.calls[0].alone);
  EXPECT_EQ(check_network_record(r), "");
}

TEST(NetworkAlone, AnotherObjectsFigureIsNotTheCalls) {
  NetworkRecord r = without_alone();
  std::vector<Record> others(4, record_of(r, r.calls[0], CacheState::warm, 1000));
  others[0].object_sha256 = sha256_hex("another schedule");
  others[1].threads = 2;
  others[2].target = "another";
  others[3].outcome = Outcome::noisy;
  others[3].statistics.reset();
  take_alone(r, others);
  EXPECT_FALSE(r.calls[0].alone);
}

TEST(NetworkAlone, TheSumIsOfAllCallsOrThereIsNone) {
  NetworkRecord r = network_document().networks[0];
  const auto sum = alone_sum(r);
  ASSERT_TRUE(sum);
  EXPECT_NEAR(sum->ratio, 1 / 0.97, 1e-3);
  EXPECT_TRUE(alone_text(r).starts_with("Whole run: ")) << alone_text(r);
  EXPECT_NE(alone_text(r).find(", 1.03 of the sum of its problems alone ("), std::string::npos);
  EXPECT_TRUE(alone_text(r).ends_with(", cold-weights)")) << alone_text(r);
  r.calls[4].alone->state = CacheState::warm;
  EXPECT_EQ(alone_sum(r)->state, "mixed");
  r.calls[4].alone.reset();  // a sum of some would flatter the network
  EXPECT_FALSE(alone_sum(r));
  EXPECT_EQ(alone_text(r), "");
}

}  // namespace
}  // namespace halcyon
