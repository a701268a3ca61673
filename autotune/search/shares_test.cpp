#include "autotune/search/shares.h"

#include <gtest/gtest.h>

#include <numeric>

namespace halcyon {
namespace {

const Target& a_target() {
  static const Target target = find_target("x86-avx2", HALCYON_SOURCE_DIR "/schedules/targets");
  return target;
}

NamedCase of_network(const std::string& line, int count, const std::string& network = "net") {
  Case c{line, Problem::parse(line), network, ""};
  c.count = count;
  return {line, network, c, true};
}

std::vector<std::size_t> budgets(const std::vector<NamedCase>& cases, std::size_t budget) {
  return budgets_of(cases, shares_of(cases, a_target()), budget);
}

TEST(Shares, GrowWithWorkAndWithHowOftenANetworkHasIt) {
  const std::vector<NamedCase> cases = {of_network("1x14x14x96 | pw 96", 1),
                                        of_network("1x14x14x96 | pw 192", 3),
                                        of_network("1x1x1x512 | linear 1000", 1)};
  const auto shares = shares_of(cases, a_target());
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 3, 1e-12);
  EXPECT_NEAR(shares[1] / shares[0], 6, 1e-9);
  EXPECT_GT(shares[2], shares[0]) << "2 MB of weights take longer than 1.8 M MACs";
}

TEST(Shares, TrialsFollowThemAndTheWholeBudgetHolds) {
  const std::vector<NamedCase> cases = {of_network("1x56x56x96 | pw 96", 4),
                                        of_network("1x14x14x96 | pw 96", 1),
                                        of_network("1x7x7x8 | dw 3x3", 1)};
  const auto each = budgets(cases, 40);
  EXPECT_GT(each[0], 80u);
  EXPECT_GE(each[1], 4u);
  EXPECT_EQ(each[2], 4u);
  const auto sum = std::accumulate(each.begin(), each.end(), std::size_t{0});
  EXPECT_LE(sum, 120u);
  EXPECT_GE(sum, 117u) << "less than one trial of each is lost";
  EXPECT_EQ(budgets(cases, 40), each);
  const auto more = budgets(cases, 41);
  for (std::size_t i = 0; i < each.size(); i++) EXPECT_GE(more[i], each[i]) << "goes further";
}

TEST(Shares, ASmallBudgetIsEverybodys) {
  const std::vector<NamedCase> cases = {of_network("1x56x56x96 | pw 96", 4),
                                        of_network("1x7x7x8 | dw 3x3", 1)};
  EXPECT_EQ(budgets(cases, 2), (std::vector<std::size_t>{2, 2}));
  EXPECT_EQ(budgets(cases, 4), (std::vector<std::size_t>{4, 4}));
}

TEST(Shares, CasesOfSuitesHaveTheBudgetAndNetworksDoNotShareTheirs) {
  NamedCase alone = of_network("1x56x56x96 | pw 96", 9, "suite");
  alone.of_network = false;
  const std::vector<NamedCase> cases = {of_network("1x7x7x8 | dw 3x3", 1), alone,
                                        of_network("1x56x56x96 | pw 96", 1, "other")};
  EXPECT_EQ(budgets(cases, 40), (std::vector<std::size_t>{40, 40, 40}));
}

}  // namespace
}  // namespace halcyon
