#include "suites/networks/time_loss.h"

#include <gtest/gtest.h>

#include <numeric>

namespace halcyon {
namespace {

std::vector<double> ns_of(const std::vector<TimeLoss>& causes) {
  std::vector<double> all;
  for (const TimeLoss& c : causes) all.push_back(c.ns);
  return all;
}

TEST(TimeLoss, EachCauseGetsItsEstimateAndTheRestIsSaidToBeOther) {
  const auto causes = split_loss({.call_ns = 1000,
                                  .least_ns = 600,
                                  .overhead_ns = 10,
                                  .tail_ns = 50,
                                  .activation_ns = 100,
                                  .memory_ns = 800});
  std::vector<std::string> names;
  for (const TimeLoss& c : causes) names.push_back(c.cause);
  EXPECT_EQ(names, (std::vector<std::string>{"overhead", "tail", "activation", "memory", "other"}));
  EXPECT_EQ(ns_of(causes), (std::vector<double>{10, 50, 100, 50, 190}));
}

TEST(TimeLoss, CausesTakeNoMoreThanWhatIsLeftInTheirOrder) {
  EXPECT_EQ(ns_of(split_loss({.call_ns = 1000,
                              .least_ns = 900,
                              .overhead_ns = 10,
                              .tail_ns = 60,
                              .activation_ns = 70,
                              .memory_ns = 5000})),
            (std::vector<double>{10, 60, 30, 0, 0}));
}

TEST(TimeLoss, MemoryThatHidesBehindWorkIsNoCause) {
  EXPECT_EQ(ns_of(split_loss({.call_ns = 1000, .least_ns = 600, .memory_ns = 590})),
            (std::vector<double>{0, 0, 0, 0, 400}));
  EXPECT_EQ(ns_of(split_loss({.call_ns = 1000, .least_ns = 0, .memory_ns = 700})),
            (std::vector<double>{0, 0, 0, 700, 300}));
}

TEST(TimeLoss, IsNeverBelowZero) {
  for (const CallFacts& f : {CallFacts{.call_ns = 500, .least_ns = 600, .overhead_ns = 10},
                             CallFacts{.call_ns = 700, .least_ns = 600, .overhead_ns = -5}}) {
    const auto all = ns_of(split_loss(f));
    for (const double ns : all) EXPECT_GE(ns, 0);
    EXPECT_DOUBLE_EQ(std::accumulate(all.begin(), all.end(), 0.0),
                     std::max(0.0, f.call_ns - f.least_ns));
  }
}

TEST(TimeLoss, ExtraWorkTakesItsMultiplyAddsAtThePeak) {
  NetworkCall call;
  call.macs = 1000;
  call.time = CallTime{100, 100, 0};
  call.bound = Bound{.compute_ns = 20, .memory_ns = 60};
  // 50 GFLOP/s: 25 multiply-adds a ns.
  EXPECT_EQ(ns_of(losses_of(call, {.tail = 250, .activation = 125}, 50, 3)),
            (std::vector<double>{3, 10, 5, 5, 37}));
}

}  // namespace
}  // namespace halcyon
