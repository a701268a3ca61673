#include "schedules/targets/fitness.h"

#include <gtest/gtest.h>

#include <cmath>

namespace halcyon {
namespace {

Fitness fit() {
  return {.cpu = 2,
          .governor = "performance",
          .core_siblings = {},
          .allowed_cpus = {0, 1, 2, 3},
          .load_1min = 0.1,
          .isolation = "any",
          .probe_spread = 0.01};
}

TEST(Fitness, AQuietMachineHasNoWarnings) {
  EXPECT_TRUE(fit().warnings().empty());
  Fitness virtual_machine = fit();
  virtual_machine.governor = "none (no cpufreq)";
  virtual_machine.probe_spread = -1;  // not probed
  EXPECT_TRUE(virtual_machine.warnings().empty());
}

TEST(Fitness, EachTroubleHasItsOwnLine) {
  Fitness f = fit();
  f.governor = "powersave";
  ASSERT_EQ(f.warnings().size(), 1u);
  EXPECT_NE(f.warnings()[0].find("powersave"), std::string::npos);
  f.core_siblings = {6};
  f.allowed_cpus = {2};
  f.load_1min = 3;
  f.probe_spread = 0.2;
  EXPECT_EQ(f.warnings().size(), 5u);
}

// A comparison written the other way round would pass a spread that is not a number.
TEST(Fitness, ASpreadThatIsNoNumberIsATrouble) {
  Fitness f = fit();
  f.probe_spread = std::nan("");
  EXPECT_EQ(f.warnings().size(), 1u);
}

TEST(Fitness, OfThisMachineIsFilledIn) {
  const Fitness f = read_fitness();
  EXPECT_FALSE(f.allowed_cpus.empty());
  EXPECT_EQ(f.cpu, f.allowed_cpus.front());
  EXPECT_FALSE(f.governor.empty());
  EXPECT_FALSE(f.isolation.empty());
  EXPECT_EQ(f.probe_spread, -1);
}

}  // namespace
}  // namespace halcyon
