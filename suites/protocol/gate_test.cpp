#include "suites/protocol/gate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

namespace halcyon {
namespace {

constexpr GateRule kRule = {0.96, 0.5, 30};

/// A gate that has seen a calm machine: probes of 100 every 0.1 s up to time 1.
ProbeGate calm_gate() {
  ProbeGate gate(kRule);
  for (int i = 0; i <= 10; i++) gate.saw(i * 0.1, 100);
  return gate;
}

TEST(ProbeGate, AsksBothProbes) {
  const ProbeGate gate = calm_gate();
  EXPECT_TRUE(gate.accepts(100, 100, 1));
  EXPECT_TRUE(gate.accepts(96, 96, 1));
  EXPECT_FALSE(gate.accepts(95.9, 100, 1));  // catches a gate that looks at one side only
  EXPECT_FALSE(gate.accepts(100, 95.9, 1));
  EXPECT_FALSE(gate.accepts(50, 50, 1));  // the slow half of a bimodal machine
}

TEST(ProbeGate, OutliersDoNotRaiseTheBar) {
  ProbeGate gate = calm_gate();
  gate.saw(1, 5000);  // the clock jumped
  gate.saw(1.01, 250);
  gate.saw(1.02, 112);  // a probe that met no interruption
  EXPECT_TRUE(gate.accepts(99, 99, 1.1));
  EXPECT_DOUBLE_EQ(gate.level(1.1), 100);
  EXPECT_DOUBLE_EQ(gate.fastest(), 112);
}

// The read probes of a steady run: 110 to 199 GB/s, most near 150. Nine tenths of the best would
// refuse nearly all of them.
TEST(ProbeGate, ASteadyScatterIsAcceptedForTheMostPart) {
  ProbeGate gate({0.9, 0.5, 30});
  std::mt19937_64 random(5);
  std::normal_distribution<double> scatter(150, 12);
  int accepted = 0;
  for (int i = 0; i < 1000; i++) {
    const double before = scatter(random), after = scatter(random), at = i * 0.01;
    gate.saw(at, before);
    gate.saw(at, after);
    accepted += gate.accepts(before, after, at);
  }
  EXPECT_GT(accepted, 700);
  EXPECT_LT(accepted, 900);  // and not whatever comes
}

TEST(ProbeGate, WhatDisturbsForAThirdOfTheTimeIsNotTheMeasure) {
  ProbeGate gate(kRule);
  for (int i = 0; i < 100; i++) gate.saw(i * 0.1, i / 5 % 3 ? 100 : 60);
  EXPECT_FALSE(gate.accepts(60, 60, 10));
  EXPECT_TRUE(gate.accepts(100, 100, 10));
}

TEST(ProbeGate, ALastingRiseRaisesTheBar) {
  ProbeGate gate = calm_gate();
  for (int i = 0; i < 100; i++) gate.saw(2 + i * 0.1, 110);
  EXPECT_DOUBLE_EQ(gate.level(12), 110);
  EXPECT_FALSE(gate.accepts(100, 100, 12));
}

TEST(ProbeGate, ForgetsWhatIsOlderThanTheWindow) {
  ProbeGate gate = calm_gate();
  for (int i = 0; i < 400; i++) gate.saw(2 + i * 0.1, 90);  // the clock settled lower
  EXPECT_DOUBLE_EQ(gate.level(42), 90);
  EXPECT_TRUE(gate.accepts(90, 90, 42));
  EXPECT_DOUBLE_EQ(gate.fastest(), 100);  // of the whole run: what `impossible` is judged by
}

TEST(ProbeGate, ASlotOfTheWindowIsNotMixedWithItsPredecessor) {
  ProbeGate gate = calm_gate();
  gate.saw(30.5, 50);  // falls into the slot that t = 0.5 had
  EXPECT_DOUBLE_EQ(gate.level(31), 50);
}

TEST(ProbeGate, ASecondOfManyProbesCountsLikeOthers) {
  ProbeGate gate(kRule);
  for (int second = 0; second < 10; second++) {
    const int probes = second == 4 ? 20000 : 40;  // one case of short samples
    for (int i = 0; i < probes; i++) gate.saw(second + i / (probes + 1.0), second == 4 ? 70 : 100);
  }
  EXPECT_DOUBLE_EQ(gate.level(10), 100);
}

TEST(ProbeGate, AFewProbesMakeABar) {
  ProbeGate gate(kRule);
  EXPECT_TRUE(gate.accepts(1, 1, 0));  // nothing known: nothing to refuse by
  gate.saw(0, 100);
  EXPECT_DOUBLE_EQ(gate.level(0), 100);
  gate.saw(0, 120);
  EXPECT_DOUBLE_EQ(gate.level(0), 100);  // two: the lower
  EXPECT_DOUBLE_EQ(gate.fastest(), 0);   // not enough to call anything impossible by
}

TEST(ProbeGate, NaNIsNeverAccepted) {
  const ProbeGate gate = calm_gate();
  EXPECT_FALSE(gate.accepts(std::nan(""), 100, 1));
  EXPECT_FALSE(gate.accepts(100, std::nan(""), 1));
}

TEST(SampleTally, ACaseEndsAtItsSamplesOrAtItsCap) {
  const Protocol protocol{.wanted_samples = 31, .least_samples = 15, .case_cap_seconds = 6};
  EXPECT_FALSE(finished({30, 500, 5.9}, protocol));
  EXPECT_TRUE(finished({31, 31, 0.1}, protocol));
  EXPECT_TRUE(finished({0, 500, 6}, protocol));  // a machine that never is calm
}

TEST(SampleTally, TooFewAcceptedSamplesAreNoisyAndSayWhatRefusedThem) {
  const Protocol protocol{.wanted_samples = 31, .least_samples = 15};
  EXPECT_EQ(why_noisy({15, 400, 6}, protocol), "");
  SampleTally few{14, 22, 6};
  Sample refused;
  refused.refused_by = {Gate::clock, Gate::queue};
  for (int i = 0; i < 8; i++) few.rejected.add(refused);
  EXPECT_EQ(why_noisy(few, protocol),
            "14 of 22 samples were undisturbed, 15 are needed; refused by clock 8, queue 8");
}

/// So many calls, a share of `slow` of them by the factor 1.5 slower.
SampleTally tally_of(int calls, double slow) {
  SampleTally tally;
  for (int i = 0; i < calls; i++) {
    Sample s;
    s.ns = 1000 + i % 7 + (i % 10 < 10 * slow ? 500 : 0);
    s.accepted = true;
    tally.add(s, 0.001);
  }
  return tally;
}

// A neighbour in memory that probes do not meet: two states, half of the samples in each.
TEST(SampleTally, AMedianThatIsHardlyKnownIsNoisy) {
  const Protocol protocol;
  EXPECT_TRUE(finished(tally_of(40, 0.2), protocol));
  EXPECT_EQ(why_noisy(tally_of(40, 0.2), protocol), "");
  EXPECT_FALSE(finished(tally_of(40, 0.5), protocol));
  EXPECT_EQ(why_noisy(tally_of(40, 0.5), protocol).substr(0, 37),
            "the median of 40 samples is known to ");
}

TEST(Median, IsKnownByTheRanksOfItsInterval) {
  std::vector<double> figures;
  for (int i = 0; i < 101; i++) figures.push_back(100 + i);
  EXPECT_NEAR(median_uncertainty(figures), 10.0 / 150, 0.005);  // ranks 50 -+ 9.9
  EXPECT_EQ(median_uncertainty({1, 5, 9}), 0);                  // too few to say
}

TEST(SampleTally, WorkIsRepeatedUpToTheShortestSample) {
  const Protocol warm{.least_sample_us = 80};
  EXPECT_EQ(iterations_for(1000, warm), 80);
  EXPECT_EQ(iterations_for(1001, warm), 80);
  EXPECT_EQ(iterations_for(79999, warm), 2);
  EXPECT_EQ(iterations_for(80000, warm), 1);
  EXPECT_EQ(iterations_for(5e9, warm), 1);
  EXPECT_EQ(iterations_for(0, warm), 80000);  // below the clock's step
  EXPECT_EQ(iterations_for(1000, {.least_sample_us = 80, .state = CacheState::cold}), 1);
}

TEST(Impossible, IsWhatBeatsTheArithmetic) {
  // 1e6 MACs at 100 GFLOP/s take 20 us.
  EXPECT_FALSE(is_impossible(20000, 1'000'000, 100));
  EXPECT_FALSE(is_impossible(19100, 1'000'000, 100));  // 4.7 % over: within the probe's own error
  EXPECT_TRUE(is_impossible(19000, 1'000'000, 100));
  EXPECT_TRUE(is_impossible(0, 0, 100));
  EXPECT_TRUE(is_impossible(-1, 1000, 100));
  EXPECT_TRUE(is_impossible(std::nan(""), 1000, 100));
  EXPECT_FALSE(is_impossible(10, 0, 100));  // a copy has no arithmetic to be judged by
}

TEST(TurnOrder, EveryRoundHasEveryCaseOnceInAnotherOrder) {
  TurnOrder order(7);
  std::set<std::vector<std::size_t>> seen;
  for (int round = 0; round < 20; round++) {
    std::vector<std::size_t> cases = {0, 1, 2, 3, 4, 5, 6, 7};
    order.shuffle(cases);
    seen.insert(cases);
    std::sort(cases.begin(), cases.end());
    EXPECT_EQ(cases, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  }
  EXPECT_GE(seen.size(), 19u);
}

TEST(TurnOrder, IsTheSeeds) {
  const auto rounds = [](std::uint64_t seed) {
    TurnOrder order(seed);
    std::vector<std::size_t> all;
    for (int round = 0; round < 5; round++) {
      std::vector<std::size_t> cases = {0, 1, 2, 3, 4};
      order.shuffle(cases);
      all.insert(all.end(), cases.begin(), cases.end());
    }
    return all;
  };
  EXPECT_EQ(rounds(1), rounds(1));
  EXPECT_NE(rounds(1), rounds(2));
}

TEST(TurnOrder, NoCaseIsFavouredForAnyPlace) {  // catches a shuffle that never moves the last
  TurnOrder order(3);
  int first[4] = {};
  for (int round = 0; round < 4000; round++) {
    std::vector<std::size_t> cases = {0, 1, 2, 3};
    order.shuffle(cases);
    first[cases.front()]++;
  }
  for (const int n : first) EXPECT_NEAR(n, 1000, 150);
}

// A bar of both together would refuse every sample of work that leaves L3 full.
TEST(ReadGate, HoldsEachReadingToTheLevelOfItsOwnKind) {
  ReadGate gate(Protocol{}, 1);
  const auto accepts = [&](double before, double after) {
    return gate.accepts(std::array{before}, std::array{after}, 1);
  };
  for (int i = 0; i < 5; i++) {
    gate.saw_before(0.1 * i, std::array{100.0});
    gate.saw_after(0.1 * i, std::array{80.0});
  }
  EXPECT_TRUE(accepts(95, 75));
  EXPECT_FALSE(accepts(85, 75));
  EXPECT_FALSE(accepts(95, 70));
}

TEST(TeamGate, EveryThreadIsHeldToItsOwnLevel) {
  TeamGate gate(2, kRule);
  for (int i = 0; i <= 10; i++) gate.saw(i * 0.1, std::array{100.0, 60.0});  // unlike cores
  EXPECT_TRUE(gate.accepts(std::array{99.0, 59.0}, std::array{99.0, 59.0}, 1));
  EXPECT_FALSE(gate.accepts(std::array{99.0, 30.0}, std::array{99.0, 59.0}, 1));
  EXPECT_FALSE(gate.accepts(std::array{99.0, 59.0}, std::array{80.0, 60.0}, 1));
  EXPECT_DOUBLE_EQ(gate.fastest(), 160);
}

}  // namespace
}  // namespace halcyon
