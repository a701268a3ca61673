#include "results/figures/seen.h"

#include <gtest/gtest.h>

#include "results/record/record.h"

namespace halcyon {
namespace {

Record noisy_record() {
  Record r;
  r.outcome = Outcome::noisy;
  r.detail = "2 of 5 samples were undisturbed, 15 are needed; refused by clock 3";
  for (const std::int64_t ns : {5000, 1000, 2000, 4000, 3000}) {
    Sample s;
    s.ns = 2 * ns;
    s.iterations = 2;
    s.accepted = ns < 3000;
    r.samples.push_back(s);
  }
  return r;
}

TEST(Seen, ANoisyRowShowsMedianAndQuartilesOfAllItsSamples) {
  EXPECT_EQ(why_text(noisy_record()),
            "seen about 3.000 µs (2.000 µs to 4.000 µs); 2 of 5 samples were undisturbed, 15 are "
            "needed; refused by clock 3");
}

TEST(Seen, ARowThatWasNotTimedOnlySaysWhy) {
  Record r;
  r.outcome = Outcome::wrong;
  r.detail = "off by 3";
  EXPECT_EQ(why_text(r), "off by 3");
}

TEST(Seen, AFigureNeedsNoSecondOne) {
  Record r = noisy_record();
  r.statistics.emplace();
  EXPECT_EQ(why_text(r), r.detail);
}

TEST(Seen, QuantilesAreOfCallsOfAcceptedSamples) {
  std::vector<Sample> samples;
  for (int i = 0; i <= 10; i++) {
    Sample s;
    s.ns = 20 * i;
    s.iterations = 2;
    s.accepted = true;
    samples.push_back(s);
  }
  samples.emplace_back().ns = 1'000'000;  // refused
  EXPECT_EQ(call_quantile(samples, 0.9), 90);
  EXPECT_EQ(call_quantile(samples, 1), 100);
}

}  // namespace
}  // namespace halcyon
