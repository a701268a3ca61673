#include "suites/network_measured.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

Sample run_of(std::int64_t ns, bool accepted = true, std::int64_t iterations = 1) {
  Sample s;
  s.ns = ns;
  s.iterations = iterations;
  s.accepted = accepted;
  return s;
}

TEST(MedianRun, IsOfAcceptedSamplesPerRun) {
  EXPECT_EQ(median_run_ns({run_of(30), run_of(1, false), run_of(20, true, 2), run_of(40)}), 30);
  EXPECT_EQ(median_run_ns({run_of(30, false)}), 0);
}

TEST(Overhead, IsWhatARunTakesBeyondItsCalls) {
  NetworkMeasured m;
  EXPECT_EQ(overhead_ns_per_call(m, 1), 0);
  m.samples = {run_of(2080), run_of(2080), run_of(2080)};
  m.calls = CallTimes{{400, 600}, {400, 600}, 20, 3};
  EXPECT_DOUBLE_EQ(overhead_ns_per_call(m, 2), 20);  // two images, two calls each
}

}  // namespace
}  // namespace halcyon
