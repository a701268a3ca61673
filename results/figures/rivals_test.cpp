#include "results/figures/rivals.h"

#include <gtest/gtest.h>

#include "results/document/sample_document.h"
#include "results/figures/summary.h"
#include "results/page/page.h"

namespace halcyon {
namespace {

/// A record of `turns` samples of `ns` a call; every `rejected`-th was not accepted.
Record timed(const std::string& id, const std::string& rival, double ns, int rejected = 1000) {
  Record r;
  r.suite = "kernels", r.case_id = id, r.rival = rival, r.target = "host", r.outcome = Outcome::ok;
  r.macs = 1000;
  r.check.passed = true;
  for (int turn = 0; turn < 20; ++turn) {
    Sample s;
    s.iterations = 10;
    s.ns = static_cast<std::int64_t>(10 * ns * (1 + 0.001 * (turn % 3)));
    s.probe_before = s.probe_after = 100;
    s.accepted = turn % rejected != rejected - 1;
    r.samples.push_back(s);
  }
  r.statistics = statistics_of(r.samples, r.mac_counts());
  return r;
}

Document document_of(std::vector<Record> records) {
  Document d = sample_document();
  d.records = std::move(records);
  return d;
}

// Dies when the ratio is turned over, or when a part of `apart` is forgotten.
TEST(Rivals, RatioIsTheRivalsTimeOverOursAndPartsAreSummed) {
  const Document d = document_of({timed("a", "", 1000), timed("a", "adams2019", 3000),
                                  timed("a", "apart", 800), timed("a", "apart", 1200)});
  const auto matches = matches_of(d);
  ASSERT_EQ(matches.size(), 2u);
  EXPECT_NEAR(matches[0].ratio->estimate, 3, 0.01);
  EXPECT_EQ(matches[1].records.size(), 2u);
  EXPECT_NEAR(matches[1].ratio->estimate, 2, 0.01);
  EXPECT_LT(matches[0].ratio->low, matches[0].ratio->high);
}

// Every second turn of one and every third of the other rejected: pairs by position in the list of
// accepted samples would still be there, but of different moments.
TEST(Rivals, PairsAreOfTurnsThatBothWereAcceptedIn) {
  Record own = timed("a", "", 1000), rival = timed("a", "x", 1000);
  for (int turn = 0; turn < 20; ++turn) {  // the machine is twice as slow from turn 10 on
    own.samples[turn].accepted = turn % 2 == 0;
    if (turn < 10) continue;
    own.samples[turn].ns *= 2;
    rival.samples[turn].ns *= 2;
  }
  const Document d = document_of({own, rival});
  EXPECT_NEAR(matches_of(d)[0].ratio->high, 1, 0.001);
}

TEST(Rivals, WithoutAFigureThereIsNoRatioAndTheCaseIsListed) {
  Record failed = timed("b", "li2018", 1000);
  failed.outcome = Outcome::compile_timeout, failed.samples.clear(), failed.statistics.reset();
  const Document d =
      document_of({timed("a", "", 1000), timed("a", "li2018", 2000), timed("b", "", 1000), failed});
  const auto means = match_means(matches_of(d));
  ASSERT_EQ(means.size(), 1u);
  EXPECT_EQ(means[0].cases, 1);
  EXPECT_EQ(means[0].without, std::vector<std::string>{"b"});
  EXPECT_NEAR(means[0].ratio.estimate, 2, 0.01);
}

TEST(Rivals, BestOfThemIsTheFastestRivalOfEachCase) {
  const Document d =
      document_of({timed("a", "", 1000), timed("a", "x", 4000), timed("a", "y", 2000),
                   timed("b", "", 1000), timed("b", "x", 8000), timed("b", "y", 9000)});
  const auto means = match_means(matches_of(d));
  ASSERT_EQ(means.size(), 3u);
  EXPECT_EQ(means[2].rival, "best of them");
  EXPECT_NEAR(means[2].ratio.estimate, 4, 0.02);  // sqrt(2 * 8)
}

TEST(Rivals, AnotherCacheStateStandsBesideTheFirstAndIsNoRivalToBeat) {
  Record cold = timed("a", "", 1500), cold_rival = timed("a", "x", 4500);
  cold.state = cold_rival.state = CacheState::cold_weights;
  const Document d = document_of({timed("a", "", 1000), cold, timed("a", "x", 2000), cold_rival});
  const auto matches = matches_of(d);
  ASSERT_EQ(matches.size(), 3u);
  EXPECT_EQ(matches[0].rival, "cold-weights");
  EXPECT_NEAR(matches[0].ratio->estimate, 1.5, 0.01);
  EXPECT_NEAR(matches[1].ratio->estimate, 2, 0.01);
  EXPECT_NEAR(matches[2].ratio->estimate, 3, 0.01);  // cold against cold
  for (const Match& m : best_rivals(matches)) EXPECT_FALSE(m.records[0]->rival.empty());
}

TEST(Rivals, OddCasesCountInNoMean) {
  Record own = timed("a", "", 1000);
  own.odd = true;
  const auto means = match_means(matches_of(document_of({own, timed("a", "x", 4000)})));
  EXPECT_TRUE(means.empty());
}

TEST(Rivals, CountsAreExactAndOfOneUnit) {
  Record own = timed("a", "", 1), rival = timed("a", "x", 1);
  for (Record* r : {&own, &rival}) {
    r->unit = FigureUnit::instructions, r->samples.clear(), r->statistics.reset();
    r->counts = Counts{.calls = 2, .fmla = 100};
  }
  rival.counts->load = 50;
  const auto match = matches_of(document_of({own, rival}))[0];
  EXPECT_EQ(match.ratio->low, 1.5);
  EXPECT_EQ(match.ratio->high, 1.5);
  EXPECT_EQ(ratio_text(*match.ratio), "1.50");
}

TEST(Rivals, TheyStandInNoMeanOfAClassAndHaveTheirOwnSectionOfThePage) {
  const Document d = document_of({timed("a", "", 1000), timed("a", "adams2019", 3000)});
  EXPECT_EQ(class_means(d)[0].cases, 1);
  EXPECT_EQ(groups_of(d)[0].records.size(), 1u);
  EXPECT_NE(page({d}).find("adams2019"), std::string::npos);
  EXPECT_EQ(page({document_of({timed("a", "", 1000)})}).find("Against other ways"),
            std::string::npos);
}

}  // namespace
}  // namespace halcyon
