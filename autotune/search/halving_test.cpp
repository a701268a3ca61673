#include "autotune/search/halving.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

Measured measured(const std::vector<double>& figures, Outcome outcome = Outcome::ok) {
  Measured m;
  m.id = "x";
  m.outcome = outcome;
  for (double figure : figures) {
    Sample s;
    s.ns = static_cast<std::int64_t>(10 * figure);
    s.iterations = 10;
    s.accepted = figure > 0;
    m.samples.push_back(s);
  }
  return m;
}

TEST(Halving, ALookComesBeforeTheWholeMeasurementOfTimes) {
  const Protocol protocol;
  const auto timed = rungs(protocol, true);
  ASSERT_EQ(timed.size(), 2u);
  EXPECT_LT(timed[0].protocol.wanted_samples, protocol.wanted_samples / 4);
  EXPECT_EQ(timed[1].protocol.wanted_samples, protocol.wanted_samples);
  EXPECT_TRUE(timed[1].last && !timed[0].last);
  EXPECT_EQ(rungs(protocol, false).size(), 1u);
}

TEST(Halving, CostsAreOfRoundsInWhichBothWereUndisturbed) {
  // Pairs by round: a neighbour that slows down one round slows both.
  EXPECT_EQ(relative_cost({100, 200, 0, 100}, {50, 100, 90, 0}), 0.5);
  EXPECT_EQ(relative_cost({0, 100}, {100, 0}), std::nullopt);
  EXPECT_EQ(relative_cost({100, 100}, {150}), 1.5);
}

TEST(Halving, RoundsOfSeveralProcessesStaySideBySide) {
  std::vector<std::vector<double>> figures(2);
  append_rounds({measured({10, 20}), measured({11})}, figures);
  append_rounds({measured({30}), measured({33})}, figures);
  EXPECT_EQ(figures[0], (std::vector<double>{10, 20, 30}));
  EXPECT_EQ(figures[1], (std::vector<double>{11, 0, 33}));
}

TEST(Halving, AFailureInAnyProcessIsTheOutcome) {
  Measured sum;
  add_process(measured({1, 2}), sum);
  add_process(measured({}, Outcome::run_crash), sum);
  add_process(measured({3}), sum);
  EXPECT_EQ(sum.outcome, Outcome::run_crash);
  Measured fine;
  add_process(measured({1, 2}), fine);
  add_process(measured({3}), fine);
  EXPECT_EQ(fine.outcome, Outcome::ok);
  EXPECT_EQ(rounds_of(fine), (std::vector<double>{1, 2, 3}));
}

}  // namespace
}  // namespace halcyon
