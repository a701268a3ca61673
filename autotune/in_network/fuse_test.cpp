// Fusing inside a network on a worker whose times are a function: no clock, no compiler.
#include "autotune/in_network/fuse.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "autotune/keep.h"
#include "autotune/space/sample_space.h"
#include "results/files/temporary_folder.h"
#include "schedules/tuned/tuned_plans.h"
#include "suites/graph/sample_graphs.h"
#include "suites/networks/planned_network.h"

namespace halcyon {
namespace {

/// Two blocks of one shape and one of another.
Graph a_graph() {
  GraphBuilder b("net", {1, 6, 6, 8});
  const int x = add_dwcb(b, "b", add_dwcb(b, "a", 0, 16, 1), 16, 1);
  Graph graph = b.finish({b.conv("last", add_dwcb(b, "c", x, 24, 1), square(4, 1))});
  fill_parameters(graph, 1);
  return graph;
}
constexpr const char* kTwice = "1x6x6x8 | dw 3x3 | pw 16 gelu | pw 8 skip";
constexpr const char* kOnce = "1x6x6x8 | dw 3x3 | pw 24 gelu | pw 8 skip";

using Times = std::function<double(const Plan&, const PlanCall&)>;

class FakeNetworkWorker : public NetworkWorker {
 public:
  explicit FakeNetworkWorker(Times time) : time_(std::move(time)) {}
  std::vector<FormRounds> measure(const std::vector<NetworkForm>& forms) override {
    if (cuts.size() == dies_after) throw std::runtime_error("killed");
    cuts.push_back(forms[0].plan->cut + " " + forms[1].plan->cut);
    std::vector<FormRounds> all;
    for (const NetworkForm& form : forms) {
      EXPECT_EQ(form.candidates.size(), suite_of(*form.plan).cases.size());
      FormRounds rounds{outcome, "", {}, {}};
      for (int round = 0; round < 31; round++) {
        const double drift = 1 + 0.2 * round / 31;  // that all forms of a round share
        rounds.calls_ns.emplace_back();
        rounds.whole_ns.push_back(0);
        if (disturbed) continue;
        for (const PlanCall& call : form.plan->calls) {
          rounds.calls_ns.back().push_back(time_(*form.plan, call) * drift);
          rounds.whole_ns.back() += time_(*form.plan, call) * drift;
        }
      }
      all.push_back(rounds);
    }
    return all;
  }
  std::vector<std::string> cuts;  // apart and fused, by comparison
  std::size_t dies_after = SIZE_MAX;
  Outcome outcome = Outcome::ok;
  bool disturbed = false;  // every round

 private:
  Times time_;
};

class FuseInNetwork : public testing::Test {
 protected:
  FuseInNetwork() {
    network_.plan_of = [this](const CutChoice& cut) { return plan_of(graph_, cut); };
    for (const Cut cut : {Cut::ops, Cut::blocks})
      for (const Case& c : suite_of(network_.plan_of(cut)).cases)
        network_.candidates.emplace(c.problem.text(), start_of({c.id, "net", c, true}));
  }
  NamedCandidate start_of(const NamedCase& c) const {
    return candidate_at(c, target_, recipe_for(c.of.problem).start(c.of.problem, target_));
  }

  /// As ranking leaves it: every problem of the plan searched, or those that hold `word`.
  InNetwork ranked(const std::string& word = "") {
    searches_.clear();
    for (const Case& c : suite_of(network_.plan_of(network_.cut)).cases) {
      if (c.problem.text().find(word) == std::string::npos) continue;
      SearchResult& s = searches_.emplace_back();
      s.of = {c.id, "net", c, true};
      s.trials.resize(1);
      s.trials[0].named = start_of(s.of);
      s.trials[0].key = c.id;
    }
    InNetwork n{"net", {}};
    n.input = "1x6x6x8";
    for (const SearchResult& s : searches_) {
      RankedProblem p{s.of};
      p.search = &s;
      p.share = s.of.of.count / 10.0;
      p.alternatives = {0};
      n.problems.push_back(p);
    }
    return n;
  }
  InNetwork fuse(NetworkWorker& worker, const std::string& word = "") {
    InNetwork n = ranked(word);
    RankingListener nobody;
    Ledger ledger(folder_.path() + "/journal.jsonl", "run", [](const std::string&) {});
    fuse_in_network(n, network_, 1, worker, ledger, nobody);
    return n;
  }
  std::vector<std::string> keep(const InNetwork& n) {
    Tuning tuning;
    tuning.document.machine.cpu_model = "a CPU";
    tuning.document.toolchain.halide = "21.0.0";
    tuning.document.run = "run";
    tuning.networks.push_back(n);
    return keep_plans(tuning, target_, folder_.path());
  }
  std::vector<TunedPlan> kept() const {
    const std::string file = tuned_plans_path(folder_.path(), target_.family);
    return read_tuned_plans(file);
  }

  const Target target_ = sample_target();
  const Graph graph_ = a_graph();
  NetworkToFuse network_;
  std::vector<SearchResult> searches_;
  const TemporaryFolder folder_;
};

/// 100 ns an op; a chain of the first kind takes `twice`, of the other `once`.
Times times(double twice, double once) {
  return [=](const Plan&, const PlanCall& call) {
    const std::string line = call.problem.text();
    return line == kTwice ? twice : line == kOnce ? once : 100.0;
  };
}

TEST_F(FuseInNetwork, WhatIsFasterAsOneCallIsFusedAndTheNextOneStandsOnIt) {
  FakeNetworkWorker worker(times(240, 310));
  const InNetwork n = fuse(worker);
  ASSERT_EQ(n.chains.size(), 2u);
  EXPECT_EQ(n.chains[0].problem, kTwice) << "the greater share";
  EXPECT_EQ(n.chains[0].places, 2);
  EXPECT_TRUE(n.chains[0].fused);
  EXPECT_NEAR(n.chains[0].evidence->speedup.estimate, 700.0 / 580, 1e-9)
      << "both places and the call behind the second";
  EXPECT_NEAR(n.chains[0].whole->speedup.estimate, 1000.0 / 880, 1e-9);
  EXPECT_FALSE(n.chains[1].fused);
  EXPECT_EQ(worker.cuts, (std::vector<std::string>{"ops ops+1", "ops+1 ops+2"}));
  const std::string table = in_network_table(n);
  EXPECT_NE(table.find(kTwice), std::string::npos) << table;
  EXPECT_NE(table.find("fused, was apart"), std::string::npos) << table;
}

TEST_F(FuseInNetwork, WithoutADifferenceItStaysAsItIs) {
  FakeNetworkWorker worker(times(299, 330));
  EXPECT_FALSE(fuse(worker).chains[0].fused);
  network_.cut.fused = {kTwice, kOnce};
  const InNetwork n = fuse(worker);
  for (const RankedChain& chain : n.chains)
    EXPECT_EQ(chain.fused, chain.problem == kTwice) << "what is slower is taken apart";
}

TEST_F(FuseInNetwork, OnlyChainsWithAProblemThatWasRankedTakePart) {
  FakeNetworkWorker worker(times(240, 240));
  const InNetwork n = fuse(worker, "pw 24");
  ASSERT_EQ(n.chains.size(), 1u);
  EXPECT_EQ(n.chains[0].problem, kOnce);
  EXPECT_EQ(n.all_chains, (std::vector<std::string>{kTwice, kOnce}));
}

TEST_F(FuseInNetwork, WhatAChainDoesToTheCallBehindCounts) {
  FakeNetworkWorker worker([](const Plan& plan, const PlanCall& call) {
    if (call.name == "last") return plan.cut == "ops" ? 100.0 : 180.0;
    return call.problem.text() == kOnce ? 250.0 : 100.0;  // saves 50 itself
  });
  const InNetwork n = fuse(worker, "pw 24");
  EXPECT_FALSE(n.chains.at(0).fused);
  EXPECT_NEAR(n.chains[0].evidence->speedup.estimate, 400.0 / 430, 1e-9);
}

TEST_F(FuseInNetwork, GoesOnWhereItWasKilled) {
  FakeNetworkWorker killed(times(240, 310)), rest(times(240, 310)), nothing(times(1, 1));
  killed.dies_after = 1;
  EXPECT_THROW(fuse(killed), std::runtime_error);
  const InNetwork n = fuse(rest);
  EXPECT_EQ(rest.cuts, std::vector<std::string>{"ops+1 ops+2"});
  EXPECT_EQ(fused_table(fuse(nothing)), fused_table(n));
  EXPECT_TRUE(nothing.cuts.empty());
}

TEST_F(FuseInNetwork, WithoutAFigureNothingChangesAndItIsTriedAgain) {
  FakeNetworkWorker wrong(times(240, 240)), right(times(240, 240));
  wrong.outcome = Outcome::wrong;
  const InNetwork n = fuse(wrong);
  EXPECT_FALSE(n.chains[0].fused);
  EXPECT_FALSE(n.chains[0].evidence);
  EXPECT_TRUE(keep(n).empty());
  EXPECT_TRUE(fuse(right).chains[0].fused);
}

TEST_F(FuseInNetwork, ADisturbedComparisonIsNoneAndIsMadeAgain) {
  FakeNetworkWorker disturbed(times(240, 240)), right(times(240, 240));
  disturbed.disturbed = true;
  const InNetwork n = fuse(disturbed);
  EXPECT_FALSE(n.chains[0].evidence);
  EXPECT_EQ(n.chains[0].why, "no figure: every round was disturbed");
  EXPECT_TRUE(fuse(right).chains[0].fused);
}

TEST_F(FuseInNetwork, WhatIsShownIsKeptAndWhatIsDisprovedGoes) {
  FakeNetworkWorker both(times(240, 240)), neither(times(299, 299)), worse(times(330, 299));
  EXPECT_EQ(keep(fuse(both)).size(), 2u);
  const std::vector<TunedPlan> first = kept();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].network, "net");
  EXPECT_EQ(first[0].input, "1x6x6x8");
  ASSERT_EQ(first[0].fused.size(), 2u);
  EXPECT_EQ(first[0].fused[0].problem, kTwice);
  EXPECT_GT(first[0].fused[0].low, 1.1);
  InNetwork n = fuse(neither);  // from the journal: as before
  for (RankedChain& chain : n.chains) chain.evidence->verdict = Verdict::no_difference;
  EXPECT_TRUE(keep(n).empty());
  EXPECT_EQ(kept(), first) << "a run that finds nothing disproves nothing";
  for (RankedChain& chain : n.chains) {
    chain.evidence->verdict = Verdict::worse;
    chain.fused = false;
  }
  n.chains.pop_back();
  EXPECT_EQ(keep(n).size(), 1u);
  ASSERT_EQ(kept().size(), 1u);
  EXPECT_EQ(kept()[0].fused.size(), 1u);
  n.all_chains->clear();  // the network's blocks are others by now
  EXPECT_EQ(keep(n).size(), 1u);
  EXPECT_TRUE(kept().empty());
}

}  // namespace
}  // namespace halcyon
