#include "suites/meters/processes.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

Protocol three() {
  Protocol p;
  p.processes = 3;
  return p;
}

Sample sample(double ns, bool accepted = true) {
  Sample s;
  s.ns = static_cast<std::int64_t>(ns);
  s.probe_before = s.probe_after = 100;
  s.accepted = accepted;
  if (!accepted) s.refused_by = {Gate::clock};
  return s;
}

Measured measured(std::vector<Sample> samples, Outcome outcome = Outcome::ok) {
  Measured m;
  m.id = "case";
  m.outcome = outcome;
  m.check.passed = outcome == Outcome::ok || outcome == Outcome::noisy;
  m.samples = std::move(samples);
  return m;
}

Measured joined(const std::vector<Measured>& processes) {
  Measured all;
  for (std::size_t i = 0; i < processes.size(); i++)
    join_process(all, processes[i], static_cast<int>(i));
  settle_processes(all, three());
  return all;
}

TEST(Processes, ShareSamplesAndTime) {
  const Protocol p = three(), one = protocol_of_process(p, 2);
  EXPECT_EQ(one.wanted_samples, 11);
  EXPECT_EQ(one.case_cap_seconds, p.case_cap_seconds / 3);
  EXPECT_EQ(one.processes, 1);
  EXPECT_NE(one.seed, protocol_of_process(p, 1).seed);
}

TEST(Processes, SamplesSayWhichProcessGaveThem) {
  const std::vector<Sample> eleven(11, sample(1000));
  const Measured all = joined({measured(eleven), measured(eleven), measured(eleven)});
  EXPECT_EQ(all.outcome, Outcome::ok) << all.detail;
  ASSERT_EQ(all.samples.size(), 33u);
  for (std::size_t i = 0; i < all.samples.size(); i++)
    EXPECT_EQ(all.samples[i].process, static_cast<int>(i / 11));
}

TEST(Processes, WhetherTheSamplesAreEnoughIsSeenOfAllTogether) {
  const Measured few = measured(std::vector<Sample>(4, sample(1000)), Outcome::noisy);
  EXPECT_EQ(joined({few, few, few}).outcome, Outcome::noisy);
  EXPECT_EQ(joined({few, few, few}).detail,
            "12 of 12 samples were undisturbed, 15 are needed; refused by no gate");
  const Measured enough = measured(std::vector<Sample>(8, sample(1000)), Outcome::noisy);
  EXPECT_EQ(joined({few, enough, few}).outcome, Outcome::ok);
  EXPECT_EQ(joined({few, enough, few}).detail, "");
}

TEST(Processes, MoreAreAskedWhereScatterAloneKeepsAMedianUnknown) {
  const Measured known = measured(std::vector<Sample>(11, sample(1000))),
                 few = measured({sample(1000)}, Outcome::noisy);
  const auto after = [](const Measured& one, int processes) {
    Measured all;
    for (int i = 0; i < processes; ++i) join_process(all, one, i);
    return wants_another(all, three(), processes);
  };
  EXPECT_TRUE(after(known, 2)) << "each has its share";
  EXPECT_FALSE(after(known, 3));
  Measured pair = measured(
      {sample(1000), sample(1000), sample(1000), sample(1300), sample(1300), sample(1300)});
  EXPECT_TRUE(after(pair, 3)) << "known to 13 % only";
  EXPECT_FALSE(after(pair, 6)) << "as many again, no more";
  EXPECT_FALSE(after(few, 3)) << "a machine that is busy stays so";
  EXPECT_FALSE(after(measured({}, Outcome::wrong), 1));
}

TEST(Processes, AFailureInOneIsThatOfAll) {
  Measured wrong = measured({}, Outcome::wrong);
  wrong.detail = "found 1";
  const Measured right = measured(std::vector<Sample>(11, sample(1000)));
  const Measured all = joined({right, wrong});
  EXPECT_EQ(all.outcome, Outcome::wrong);
  EXPECT_EQ(all.detail, "found 1");
  EXPECT_TRUE(all.samples.empty());
  EXPECT_FALSE(all.check.passed);
  EXPECT_EQ(joined({wrong}).outcome, Outcome::wrong);
}

TEST(Processes, ANetworksCallsHaveTheTimesOfAllStamps) {
  NetworkMeasured one;
  one.outcome = Outcome::ok;
  one.check.passed = true;
  one.samples = one.stamped = std::vector<Sample>(11, sample(3000));
  one.calls = CallTimes{{90, 190}, {90, 190}, 10, 5};
  one.stamps = std::vector<std::vector<double>>(11, {100, 200});
  NetworkMeasured slower = one;
  for (auto& calls : slower.stamps) calls = {120, 240};
  NetworkMeasured all;
  join_process(all, one, 0);
  join_process(all, slower, 1);
  join_process(all, slower, 2);
  settle_processes(all, three());
  ASSERT_EQ(all.outcome, Outcome::ok) << all.detail;
  EXPECT_EQ(all.samples.size(), 33u);
  EXPECT_EQ(all.samples.back().process, 2);
  EXPECT_EQ(all.calls->median_ns, (std::vector<double>{110, 230}));
  EXPECT_EQ(all.calls->q25_ns, (std::vector<double>{90, 190}));
  EXPECT_EQ(all.calls->empty_call_ns, 5);
}

}  // namespace
}  // namespace halcyon
