// Ranking inside a network on a worker whose times are a function: no clock, no compiler.
#include "autotune/in_network/rank.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "autotune/space/sample_space.h"
#include "autotune/tune.h"
#include "results/files/temporary_folder.h"
#include "suites/networks/planned_network.h"

namespace halcyon {
namespace {

/// A depthwise op twice, a pointwise one between them.
Plan a_plan() {
  Plan plan;
  plan.network = "net";
  plan.cut = "ops";
  for (const auto& [name, line] : {std::pair{"first", "1x14x14x32 | dw 3x3"},
                                   {"middle", "1x14x14x32 | pw 32"},
                                   {"last", "1x14x14x32 | dw 3x3"}})
    plan.calls.push_back({name, "all", {name}, Problem::parse(line), {}});
  return plan;
}

/// Times of a form's calls, ns.
using Times = std::function<std::vector<double>(const NetworkForm&)>;

class FakeNetworkWorker : public NetworkWorker {
 public:
  explicit FakeNetworkWorker(Times times) : times_(std::move(times)) {}
  std::vector<FormRounds> measure(const std::vector<NetworkForm>& forms) override {
    if (measured.size() == dies_after) throw std::runtime_error("killed");
    measured.push_back(forms);
    std::vector<FormRounds> all;
    for (const NetworkForm& form : forms) {
      FormRounds rounds{outcome, "", {}, {}};
      for (int round = 0; round < 31; round++) {
        const double drift = 1 + 0.2 * round / 31;  // that all forms of a round share
        rounds.calls_ns.emplace_back();
        rounds.whole_ns.push_back(0);
        for (const double ns : times_(form)) {
          rounds.calls_ns.back().push_back(ns * drift);
          rounds.whole_ns.back() += ns * drift;
        }
      }
      all.push_back(rounds);
    }
    return all;
  }
  std::vector<std::vector<NetworkForm>> measured;
  std::size_t dies_after = SIZE_MAX;
  Outcome outcome = Outcome::ok;

 private:
  Times times_;
};

class InNetworkTest : public testing::Test {
 protected:
  InNetworkTest() {
    const Suite suite = suite_of(plan_);
    for (const Case& c : suite.cases) cases_.push_back({c.id, suite.name, c, true});
    for (const NamedCase& c : cases_)
      starts_.push_back(
          candidate_at(c, target_, recipe_for(c.of.problem).start(c.of.problem, target_)));
  }

  /// A search that tried the start and other points, of these costs; none won by itself.
  SearchResult searched(std::size_t problem, const std::vector<double>& costs, double start_ns) {
    SearchResult r;
    r.of = cases_.at(problem);
    auto points = all_points(recipe_for(r.of.of.problem), r.of.of.problem, target_);
    std::erase(points, starts_[problem].point);
    for (std::size_t i = 0; i <= costs.size(); i++) {
      Searched s;
      s.named = i == 0 ? starts_[problem] : candidate_at(r.of, target_, points.at(i - 1));
      s.key = r.of.id + "." + std::to_string(i);
      s.point = i;
      s.tried.record.outcome = Outcome::ok;
      s.tried.record.unit = FigureUnit::ns;
      s.tried.record.statistics = Statistics{};
      s.tried.record.statistics->median_ns = start_ns;
      s.tried.cost = i == 0 ? 1 : costs[i - 1];
      r.trials.push_back(s);
    }
    return r;
  }

  /// Each call takes what `times` says of its trial's place in its search.
  Times by_place(std::function<double(std::size_t problem, std::size_t place)> time) const {
    return [this, time](const NetworkForm& form) {
      std::vector<double> all;
      for (const std::size_t problem : case_of_calls(plan_))
        all.push_back(time(problem, place(problem, form)));
      return all;
    };
  }
  std::size_t place(std::size_t problem, const NetworkForm& form) const {
    const auto& trials = searches_.at(problem).trials;
    for (std::size_t i = 0; i < trials.size(); i++)
      if (trials[i].named.candidate.schedule == form.candidates.at(problem).candidate.schedule)
        return i;
    ADD_FAILURE() << "a schedule that no search tried";
    return 0;
  }

  InNetwork rank(NetworkWorker& worker) {
    RankingListener nobody;
    Ledger ledger(folder_.path() + "/journal.jsonl", "run", [](const std::string&) {});
    NetworkToRank network{{&plan_, starts_}, {}};
    for (const SearchResult& s : searches_) network.searches.push_back(&s);
    return rank_in_network(network, std::vector<std::vector<Point>>(searches_.size()), 1, worker,
                           ledger, nobody);
  }

  const Target target_ = sample_target();
  const Plan plan_ = a_plan();
  std::vector<NamedCase> cases_;
  std::vector<NamedCandidate> starts_;
  std::vector<SearchResult> searches_;
  const TemporaryFolder folder_;
};

TEST_F(InNetworkTest, WhatIsFasterInsideIsChosenEvenWhenItIsSlowerAlone) {
  searches_ = {searched(0, {1.05, 0.97}, 100), searched(1, {}, 50)};
  const double inside[] = {100, 90, 104};
  FakeNetworkWorker worker(
      by_place([&](std::size_t problem, std::size_t i) { return problem == 0 ? inside[i] : 50; }));
  const InNetwork n = rank(worker);
  ASSERT_EQ(n.problems.size(), 2u);
  EXPECT_EQ(n.problems[0].choice().key, "first.1");
  EXPECT_NEAR(n.problems[0].over_start[n.problems[0].chosen()].speedup.estimate, 250.0 / 230, 1e-9)
      << "both calls and what comes behind them";
  EXPECT_EQ(n.problems[1].choice().key, "middle.0");
  EXPECT_TRUE(n.problems[1].over_start.empty()) << "nothing to compare";
  ASSERT_TRUE(n.whole);
  EXPECT_NEAR(n.whole->speedup.estimate, 250.0 / 230, 1e-9);
  EXPECT_GT(n.start_ns, n.chosen_ns);
  const std::string table = in_network_table(n);
  EXPECT_NE(table.find("inside net"), std::string::npos) << table;
  EXPECT_NE(table.find("1.087x"), std::string::npos) << table;
}

TEST_F(InNetworkTest, AGainOfLessThanTheRuleAsksForChangesNothing) {
  searches_ = {searched(0, {0.9}, 100), searched(1, {}, 50)};
  FakeNetworkWorker worker(by_place([](std::size_t problem, std::size_t i) {
    return problem == 1 ? 50 : i == 1 ? 98.5 : 100.0;
  }));
  const InNetwork n = rank(worker);
  EXPECT_EQ(n.problems[0].chosen(), 0u);
  EXPECT_FALSE(n.whole) << "every start stands";
  EXPECT_EQ(worker.measured.size(), 1u);
}

TEST_F(InNetworkTest, WhatSlowsTheWholeRunIsNotChosenHoweverFastItsCallsAre) {
  searches_ = {searched(0, {}, 100), searched(1, {0.9}, 50)};
  FakeNetworkWorker worker([&](const NetworkForm& form) -> std::vector<double> {
    if (place(1, form) == 1) return {130, 40, 100};
    return {100, 50, 100};
  });
  const InNetwork n = rank(worker);
  EXPECT_EQ(n.problems[1].chosen(), 0u);
  EXPECT_NE(n.problems[1].decision.why.find("the whole run is slower"), std::string::npos)
      << n.problems[1].decision.why;
}

TEST_F(InNetworkTest, WhatAScheduleDoesToTheCallBehindCounts) {
  searches_ = {searched(0, {}, 10), searched(1, {0.9}, 100)};
  FakeNetworkWorker worker([&](const NetworkForm& form) {
    const bool other = place(1, form) == 1;  // saves 10 itself, and its neighbour takes 20 more
    return std::vector<double>{10, other ? 90.0 : 100.0, other ? 30.0 : 10.0};
  });
  const InNetwork n = rank(worker);
  EXPECT_EQ(n.problems[0].of.id, "middle");
  EXPECT_EQ(n.problems[0].chosen(), 0u);
  EXPECT_EQ(n.problems[0].over_start[1].verdict, Verdict::worse);
}

TEST_F(InNetworkTest, TheGreatestShareComesFirstAndItsChoiceIsTheNextOnesIncumbent) {
  searches_ = {searched(0, {0.9}, 60), searched(1, {0.9}, 100)};
  FakeNetworkWorker worker(
      by_place([](std::size_t, std::size_t i) { return i == 1 ? 80.0 : 100.0; }));
  const InNetwork n = rank(worker);
  EXPECT_EQ(n.problems[0].of.id, "first") << "60 ns twice are more than 100 once";
  EXPECT_NEAR(n.problems[0].share, 120.0 / 220, 1e-12);
  ASSERT_EQ(worker.measured.size(), 3u);
  EXPECT_EQ(place(0, worker.measured[0][0]), 0u);
  for (const NetworkForm& form : worker.measured[1]) EXPECT_EQ(place(0, form), 1u);
  EXPECT_EQ(place(0, worker.measured[2][0]), 0u) << "the whole is compared with every start";
  EXPECT_EQ(place(0, worker.measured[2][1]) + place(1, worker.measured[2][1]), 2u);
}

TEST_F(InNetworkTest, GoesOnWhereItWasKilled) {
  searches_ = {searched(0, {0.9}, 60), searched(1, {0.9}, 100)};
  const auto times = by_place([](std::size_t, std::size_t i) { return i == 1 ? 80.0 : 100.0; });
  FakeNetworkWorker killed(times), rest(times), nothing(times);
  killed.dies_after = 1;
  EXPECT_THROW(rank(killed), std::runtime_error);
  const InNetwork n = rank(rest);
  EXPECT_EQ(rest.measured.size(), 2u) << "the second problem and the whole";
  const InNetwork again = rank(nothing);
  EXPECT_TRUE(nothing.measured.empty());
  for (std::size_t i = 0; i < 2; i++) {
    EXPECT_EQ(again.problems[i].choice().key, n.problems[i].choice().key);
    EXPECT_EQ(again.problems[i].over_start[1].speedup, n.problems[i].over_start[1].speedup);
  }
  EXPECT_EQ(again.whole->speedup, n.whole->speedup);
  EXPECT_EQ(again.start_ns, n.start_ns);
}

TEST_F(InNetworkTest, ANetworkWithoutAFigureDecidesNothingAndIsTriedAgain) {
  searches_ = {searched(0, {0.9}, 60), searched(1, {}, 100)};
  const auto times = by_place([](std::size_t, std::size_t i) { return i == 1 ? 80.0 : 100.0; });
  FakeNetworkWorker wrong(times), right(times);
  wrong.outcome = Outcome::wrong;
  const InNetwork n = rank(wrong);
  EXPECT_EQ(n.problems[0].chosen(), 0u);
  EXPECT_NE(n.problems[0].decision.why.find("no figure"), std::string::npos);
  EXPECT_EQ(rank(right).problems[0].chosen(), 1u);
}

TEST_F(InNetworkTest, AProblemWithoutAFigureIsSaidAndStaysAsItIs) {
  searches_ = {searched(0, {0.9}, 60), searched(1, {}, 100)};
  searches_[1].trials[0].tried.cost.reset();
  searches_[1].trials[0].tried.record.outcome = Outcome::noisy;
  FakeNetworkWorker worker(
      by_place([](std::size_t, std::size_t i) { return i == 1 ? 80.0 : 100.0; }));
  const InNetwork n = rank(worker);
  ASSERT_EQ(n.problems.size(), 1u);
  EXPECT_EQ(n.problems[0].chosen(), 1u);
  EXPECT_EQ(n.unranked, std::vector<std::string>{"middle: noisy"});
  EXPECT_NE(in_network_table(n).find("middle: noisy"), std::string::npos);
}

TEST_F(InNetworkTest, TheFastestWithinATenthAndWhatIsKeptTakePart) {
  SearchResult s = searched(0, {0.8, 0.95, 0.85, 0.86, 0.87, 1.3}, 100);
  EXPECT_EQ(alternatives_of(s, {}), (std::vector<std::size_t>{0, 1, 3, 4}));
  s.leaders = {3, 1};
  s.decision.winner = 0;
  const std::vector<Point> kept = {s.trials[6].named.point};
  EXPECT_EQ(alternatives_of(s, kept), (std::vector<std::size_t>{3, 0, 1, 4, 6}));
  s.trials[1].tried.record.outcome = Outcome::wrong;
  s.trials[1].tried.cost.reset();
  EXPECT_EQ(alternatives_of(s, {}), (std::vector<std::size_t>{3, 0, 4, 5}));
}

}  // namespace
}  // namespace halcyon
