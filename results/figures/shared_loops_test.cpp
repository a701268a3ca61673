#include "results/figures/shared_loops.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

std::vector<Sample> samples(const std::vector<double>& loops) {
  std::vector<Sample> all;
  for (const double ns : loops) all.push_back({.loop_ns = ns, .accepted = true});
  return all;
}

TEST(SharedLoops, TheMedianOfWhatCountsIsSaid) {
  std::vector<Sample> some = samples({200, 210, 220});
  some.push_back({.loop_ns = 9000, .accepted = false});
  EXPECT_EQ(shared_loop_text(some), "an empty shared loop takes 210.0 ns");
}

TEST(SharedLoops, CoresThatMovedAreSaid) {
  std::vector<double> near(20, 200), far(20, 850);
  near.insert(near.end(), far.begin(), far.end());
  EXPECT_EQ(shared_loop_text(samples(near)), "an empty shared loop takes 200.0 ns to 850.0 ns");
}

TEST(SharedLoops, OneInterruptIsNoMove) {
  std::vector<double> loops(40, 200);
  loops.push_back(5000);
  EXPECT_EQ(shared_loop_text(samples(loops)), "an empty shared loop takes 200.0 ns");
}

TEST(SharedLoops, OneThreadHasNone) { EXPECT_EQ(shared_loop_text({{.accepted = true}}), ""); }

}  // namespace
}  // namespace halcyon
