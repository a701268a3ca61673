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

}  // namespace
}  // namespace halcyon
