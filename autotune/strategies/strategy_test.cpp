// What holds for every search strategy, by its promise alone.
#include "autotune/strategies/strategy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "autotune/space/sample_space.h"
#include "kernels/error.h"

namespace halcyon {
namespace {

/// A smooth bowl with its bottom away from the start; every seventh point fails.
std::optional<double> bowl(const Space& space, std::size_t point) {
  if (point % 7 == 3 && point != space.start()) return std::nullopt;
  double cost = 0.5;
  for (std::size_t k = 0; k < space.knobs().size(); k++) {
    const double at = space.place(point)[k], values = space.knobs()[k].values.size();
    cost += 0.1 * std::abs(at - 0.7 * (values - 1)) / values;
  }
  return cost;
}

std::vector<std::size_t> search_all(const StrategyKind& kind, const Space& space,
                                    const std::vector<std::size_t>& first, std::uint64_t seed) {
  const auto strategy = kind.make(space, first, seed);
  std::vector<std::size_t> order;
  for (;;) {
    const auto batch = next_batch(*strategy, batch_size(order.size()));
    if (batch.empty()) return order;
    for (std::size_t point : batch) {
      order.push_back(point);
      strategy->tell(point, bowl(space, point));
    }
  }
}

class EveryStrategy : public testing::TestWithParam<const StrategyKind*> {
 protected:
  const Space space_ = space_of(Problem::parse("1x14x14x32 | pw 64 hardswish"), sample_target());
};

TEST_P(EveryStrategy, ProposesEachPointOnceUntilNoneIsLeft) {
  const auto order = search_all(*GetParam(), space_, {space_.start()}, 3);
  EXPECT_EQ(order.size(), space_.size());
  EXPECT_EQ(std::set(order.begin(), order.end()).size(), space_.size());
}

TEST_P(EveryStrategy, BeginsWithThePointsItWasGiven) {
  const std::vector<std::size_t> first = {space_.start(), 5, 17};
  const auto order = search_all(*GetParam(), space_, first, 3);
  EXPECT_EQ(std::vector(order.begin(), order.begin() + 3), first);
}

TEST_P(EveryStrategy, GoesTheSameWayForTheSameSeed) {
  EXPECT_EQ(search_all(*GetParam(), space_, {space_.start()}, 11),
            search_all(*GetParam(), space_, {space_.start()}, 11));
}

TEST_P(EveryStrategy, SearchesASpaceOfOnePoint) {
  const Space one({{"a", {4}, ""}}, {{{"a", 4}}}, {{"a", 4}});
  EXPECT_EQ(search_all(*GetParam(), one, {0}, 1), std::vector<std::size_t>{0});
}

TEST_P(EveryStrategy, GoesOnWhenEverythingFails) {
  const Space space = sample_space();
  const auto strategy = GetParam()->make(space, {space.start()}, 1);
  strategy->tell(*strategy->next(), 1);
  for (std::size_t i = 1; i < space.size(); i++) {
    const auto point = strategy->next();
    ASSERT_TRUE(point);
    strategy->tell(*point, std::nullopt);
  }
  EXPECT_FALSE(strategy->next());
}

INSTANTIATE_TEST_SUITE_P(All, EveryStrategy, testing::ValuesIn(strategy_kinds()),
                         [](const auto& kind) { return std::string(kind.param->name); });

/// Trials until the least cost is found; median over seeds would hide a bad one, so the worst.
std::size_t trials_to_bottom(const char* name, const Space& space) {
  double least = INFINITY;
  for (std::size_t i = 0; i < space.size(); i++)
    least = std::min(least, bowl(space, i).value_or(INFINITY));
  std::size_t worst = 0;
  for (std::uint64_t seed = 1; seed <= 5; seed++) {
    const auto order = search_all(strategy_kind(name), space, {space.start()}, seed);
    for (std::size_t i = 0; i < order.size(); i++)
      if (bowl(space, order[i]) == least) {
        worst = std::max(worst, i + 1);
        break;
      }
  }
  return worst;
}

TEST(Strategies, LearnFromWhatTheyAreTold) {
  const Space space = space_of(Problem::parse("1x14x14x32 | pw 64 hardswish"), sample_target());
  EXPECT_LE(trials_to_bottom("model", space), space.size() / 4);
  EXPECT_LE(trials_to_bottom("local", space), space.size() / 2);
}

TEST(Strategies, AnUnknownOneIsRefusedWithTheNearest) {
  try {
    strategy_kind("modell");
    FAIL() << "accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::usage);
    EXPECT_NE(std::string(e.what()).find("Did you mean 'model'"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace halcyon
