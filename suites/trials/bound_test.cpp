#include "suites/trials/bound.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

const MachineRates kRates{.peak_gflops = 100,
                          .read_gbs_l1 = 400,
                          .read_gbs_l2 = 200,
                          .read_gbs_l3 = 50,
                          .read_gbs_dram = 10};

Target with_caches() {
  Target t;
  t.l1d_bytes = 1000;
  t.l2_bytes = 10000;
  t.l3_bytes = 100000;
  return t;
}

Record moving(std::int64_t bytes, std::int64_t macs_inside) {
  Record r;
  r.activation_bytes = bytes;
  r.macs_inside = macs_inside;
  return r;
}

TEST(Bound, TakesTheBandwidthOfTheSmallestLevelThatHoldsTheWorkingSet) {
  EXPECT_EQ(bound_of(moving(1000, 0), with_caches(), kRates).level, "L1");
  EXPECT_EQ(bound_of(moving(1001, 0), with_caches(), kRates).level, "L2");
  EXPECT_EQ(bound_of(moving(10001, 0), with_caches(), kRates).level, "L3");
  EXPECT_EQ(bound_of(moving(100001, 0), with_caches(), kRates).level, "DRAM");
  EXPECT_DOUBLE_EQ(bound_of(moving(2000, 0), with_caches(), kRates).memory_ns, 10);
}

TEST(Bound, IsLimitedByTheSlowerOfArithmeticAndMemory) {
  const Bound b = bound_of(moving(2000, 1000), with_caches(), kRates);
  EXPECT_DOUBLE_EQ(b.compute_ns, 20);  // 2000 FLOP at 100 GFLOP/s
  EXPECT_EQ(b.limited_by, "compute");
  EXPECT_EQ(bound_of(moving(2000, 100), with_caches(), kRates).limited_by, "memory");
}

/// Samples of one time whose probes read at so many GB/s.
std::vector<Sample> probed(std::initializer_list<double> gbs) {
  std::vector<Sample> samples;
  for (const double rate : gbs)
    samples.push_back({.ns = 1000, .read_before = rate, .read_after = rate, .accepted = true});
  return samples;
}

TEST(Bound, OfL3IsThatOfTheSamplesOwnProbesAndStandsStillWithThem) {
  MachineRates disturbed = kRates;
  disturbed.read_gbs_l3 = 0.7 * kRates.read_gbs_l3;  // as one short look found it
  std::vector<Sample> samples = probed({49, 50, 51, 50, 50});
  samples.push_back({.ns = 9000, .read_before = 5, .read_after = 5});  // does not count
  for (const MachineRates& at_start : {kRates, disturbed}) {
    const Bound b = bound_of(moving(50000, 0), with_caches(), rates_around(samples, at_start));
    EXPECT_EQ(b.level, "L3");
    EXPECT_DOUBLE_EQ(b.memory_ns, 1000);
  }
  EXPECT_EQ(rates_around(samples, disturbed).read_gbs_l2, kRates.read_gbs_l2);
  EXPECT_EQ(rates_around(probed({0}), disturbed).read_gbs_l3, disturbed.read_gbs_l3);
}

TEST(BoundInNetwork, WeightsComeFromWhereTheWholeNetworkLies) {
  Record r;
  r.macs_inside = 1000;
  r.weight_bytes = 4000;
  r.activation_bytes = 2000;
  Target target;
  target.l1d_bytes = 10'000, target.l2_bytes = 100'000, target.l3_bytes = 1'000'000;
  const double activations_ns = 2000 / kRates.read_gbs_l1;
  const Bound small = bound_in_network(r, target, kRates, 9'000);
  EXPECT_DOUBLE_EQ(small.memory_ns, bound_of(r, target, kRates).memory_ns);
  const Bound large = bound_in_network(r, target, kRates, 2'000'000);
  EXPECT_DOUBLE_EQ(large.memory_ns, 4000 / kRates.read_gbs_dram + activations_ns);
  EXPECT_EQ(large.level, "DRAM");
  EXPECT_EQ(large.limited_by, "memory");
}

// Else a time that only fewer multiplications allow would lie below the bound.
TEST(Bound, CountsTheArithmeticThatTheScheduleLeaves) {
  Record r = moving(0, 36 * 9 * 20);
  r.problem = "1x8x8x4 | conv 3x3 5 p0";
  const double whole = bound_of(r, with_caches(), kRates).compute_ns;
  r.schedule = "w: winograd 4 tiles\n";
  EXPECT_DOUBLE_EQ(bound_of(r, with_caches(), kRates).compute_ns, whole / 4);
}

}  // namespace
}  // namespace halcyon
