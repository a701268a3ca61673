#include "results/figures/joined.h"

#include <gtest/gtest.h>

#include "results/document/sample_document.h"
#include "results/document/sample_network.h"
#include "results/figures/rivals.h"

namespace halcyon {
namespace {

constexpr int kNeeded = 15;
constexpr const char* kCase = "pw-14x14-192-384";

/// Some cases: ten thousand draws for each take their time.
Document some_cases() {
  Document d = sample_document();
  std::erase_if(d.records, [](const Record& r) {
    return r.case_id != kCase && !r.case_id.starts_with("dw3-") && r.outcome == Outcome::ok;
  });
  return d;
}

/// Runs of one build, of which each is by up to 1 % another; all times by `factor`.
std::vector<Document> runs_of(double factor, std::uint64_t seed, Document d = some_cases()) {
  std::vector<Document> runs;
  std::mt19937_64 random(seed);
  for (int i = 0; i < 6; i++) {
    const double level = 1 + 0.01 * static_cast<double>(random() % 100) / 100;
    const auto scale = [&](std::vector<Sample>& samples, std::optional<Statistics>& statistics,
                           MacCounts macs) {
      for (Sample& s : samples) s.ns = std::llround(static_cast<double>(s.ns) * factor * level);
      if (statistics) statistics = statistics_of(samples, macs);
    };
    runs.push_back(d);
    for (Record& r : runs.back().records) scale(r.samples, r.statistics, r.mac_counts());
    for (NetworkRecord& n : runs.back().networks) {
      scale(n.samples, n.statistics, n.mac_counts_of_batch());
      n = derived(n);
    }
  }
  return runs;
}

const Record& record(const Document& d, const std::string& id, const std::string& rival) {
  for (const Record& r : d.records)
    if (r.case_id == id && r.rival == rival) return r;
  throw std::out_of_range(id);
}

TEST(Joined, AnotherBuildIsARivalOfEveryCaseWithTheSamplesOfAllItsRuns) {
  const Document d = joined(runs_of(1, 1), runs_of(1.1, 2), "build x", kNeeded);
  EXPECT_EQ(record(d, kCase, "").samples.size(), 6 * 31u);
  EXPECT_EQ(record(d, kCase, "").statistics->accepted, 6 * 25);
  EXPECT_EQ(record(d, kCase, "build x").samples.back().process, 5);
  for (const Match& m : matches_of(d)) {
    if (!m.ratio) continue;
    EXPECT_GT(m.ratio->low, 1.05) << m.own->case_id;
    EXPECT_NEAR(m.ratio->estimate, 1.1, 0.02) << m.own->case_id;
  }
  EXPECT_NO_THROW(document_from_text(canonical_text(d), "joined"));
}

TEST(Joined, TwoProcessesOfOneBuildAreNotShownToDiffer) {
  const Document d = joined(runs_of(1, 1), runs_of(1, 2), "build x", kNeeded);
  for (const Match& m : matches_of(d)) {
    if (m.ratio) {
      EXPECT_EQ(verdict(*m.ratio, Rule::winner), Verdict::no_difference) << m.own->case_id;
    }
  }
}

TEST(Joined, WhatOneRunFoundWrongIsWrong) {
  auto ours = runs_of(1, 1), theirs = runs_of(1, 2);
  for (Record& r : theirs[2].records)
    if (r.case_id == kCase) {
      r.outcome = Outcome::wrong, r.detail = "out(0): found 1, expected 2";
      r.samples.clear(), r.statistics.reset(), r.rejected.reset(), r.check.passed = false;
    }
  const Document d = joined(ours, theirs, "build x", kNeeded);
  EXPECT_EQ(record(d, kCase, "build x").outcome, Outcome::wrong);
  EXPECT_EQ(record(d, kCase, "").outcome, Outcome::ok);
  EXPECT_NO_THROW(document_from_text(canonical_text(d), "joined"));
}

TEST(Joined, RunsThatWereNoisyEachAddUp) {
  auto ours = runs_of(1, 1);
  for (Document& d : ours)
    for (Record& r : d.records)
      if (r.case_id == kCase) {
        for (std::size_t i = 0; i < r.samples.size(); i++)
          if (i >= 5) r.samples[i].accepted = false, r.samples[i].refused_by = {Gate::clock};
        r.outcome = Outcome::noisy, r.statistics.reset(), r.rejected = rejected_of(r.samples);
      }
  EXPECT_EQ(record(joined(ours, runs_of(1, 2), "b", kNeeded), kCase, "").statistics->accepted, 30);
  ours.resize(2);
  EXPECT_EQ(record(joined(ours, runs_of(1, 2), "b", kNeeded), kCase, "").outcome, Outcome::noisy);
}

TEST(Joined, ACaseThatOnlyOneBuildHasStandsAlone) {
  auto theirs = runs_of(1, 2);
  for (Document& d : theirs)
    std::erase_if(d.records, [](const Record& r) { return r.case_id == kCase; });
  const Document d = joined(runs_of(1, 1), theirs, "build x", kNeeded);
  EXPECT_NO_THROW(record(d, kCase, ""));
  EXPECT_THROW(record(d, kCase, "build x"), std::out_of_range);
}

TEST(Joined, RunsWhoseCoreGaveAnotherRateAreOneDocument) {
  auto ours = runs_of(1, 1, network_document());
  for (std::size_t i = 0; i < ours.size(); i++)
    for (NetworkRecord& n : ours[i].networks) {
      for (Sample& s : n.samples) s.probe_before *= 1 - 0.01 * static_cast<double>(i);
      for (NetworkCall& c : n.calls) c.losses.reset();
      n = derived(n);
    }
  const Document d = joined(ours, runs_of(1.1, 2, network_document()), "build x", kNeeded);
  EXPECT_NO_THROW(document_from_text(canonical_text(d), "joined"));
}

TEST(Joined, BesideANetworkItIsASystem) {
  const Document d = joined(runs_of(1, 1, network_document()), runs_of(1.1, 2, network_document()),
                            "build x", kNeeded);
  int compared = 0;
  for (const NetworkRecord& n : d.networks) {
    if (!n.statistics) continue;
    ASSERT_TRUE(n.peers) << n.network;
    EXPECT_EQ(n.peers->best, "build x");
    EXPECT_NEAR(n.peers->peers[0].ratio->estimate, 1.1, 0.02);
    compared++;
  }
  EXPECT_GT(compared, 0);
  EXPECT_NO_THROW(document_from_text(canonical_text(d), "joined"));
}

}  // namespace
}  // namespace halcyon
