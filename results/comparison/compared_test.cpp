#include "results/comparison/compared.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <random>

#include "kernels/error.h"
#include "results/comparison/show.h"
#include "results/document/sample_network.h"
#include "results/figures/joined.h"

namespace halcyon {
namespace {

using Random = std::mt19937_64;
using Normal = std::normal_distribution<double>;

int repetitions(int usual) {
  const char* wanted = std::getenv("HALCYON_COMPARISONS");
  return wanted ? std::max(1, std::atoi(wanted)) : usual;
}

/// What separates two runs of one program on a shared machine, as standard deviations of
/// logarithms.
struct Drift {
  double run = 0.01;       // all cases of a run alike
  double of_case = 0.005;  // one case in all processes of a run: its neighbours
  double process = 0.012;  // one case in one process: where its memory lies
  double sample = 0.01;
  double outlier = 0.03;  // share of processes that are 8 % slower: the host moved them
};

/// Timed cases of the sample, measured again under a drift; `factor` of a case's time.
Document measured(
    Random& random, const std::string& run, const Drift& drift,
    const std::function<double(const Record&)>& factor = [](const Record&) { return 1.0; }) {
  static const Document sample = sample_document();
  Document d = sample;
  d.run = run;
  std::erase_if(d.records, [](const Record& r) { return r.outcome != Outcome::ok; });
  Normal normal;
  const double of_run = drift.run * normal(random);
  for (Record& r : d.records) {
    const double base = sample.records[static_cast<std::size_t>(&r - d.records.data())]
                            .statistics.value_or(Statistics{.median_ns = 1e4})
                            .median_ns;
    const double of_case = of_run + drift.of_case * normal(random) + std::log(factor(r));
    r.samples.clear();
    for (int process = 0; process < 3; process++) {
      double level = of_case + drift.process * normal(random);
      if (std::uniform_real_distribution<>()(random) < drift.outlier) level += 0.08;
      for (int i = 0; i < 11; i++) {
        Sample s;
        s.iterations = 100;
        s.ns = std::llround(100 * base * std::exp(level + std::abs(drift.sample * normal(random))));
        s.probe_before = s.probe_after = 118;
        s.process = process;
        s.order = i;
        s.accepted = true;
        r.samples.push_back(s);
      }
    }
    r = derived(r);
  }
  return d;
}

int rows_that(const RunComparison& c, Change change) {
  int rows = 0;
  for (const Compared& row : c.rows) rows += row.change == change;
  return rows;
}

TEST(Compared, OfTwentyPairsOfRunsOfOneBuildAtMostOneHasAnyRegression) {
  const std::uint64_t seed = 20261130;
  Random random(seed);
  const int pairs = repetitions(20);
  int with_regression = 0, with_improvement = 0;
  for (int i = 0; i < pairs; i++) {
    const RunComparison c =
        compare_runs(measured(random, "a", Drift()), measured(random, "b", Drift()), false);
    with_regression += c.has(Change::regressed);
    with_improvement += c.has(Change::improved);
  }
  EXPECT_LE(with_regression, pairs / 20) << "seed " << seed;
  EXPECT_LE(with_improvement, pairs / 20) << "seed " << seed;
}

TEST(Compared, AFifthSlowerIsARegressionAndNothingElseIs) {
  Random random(7);
  for (int i = 0; i < 5; i++) {
    const Document a = measured(random, "a", Drift{.outlier = 0});
    const std::string slowed = a.records[3].case_id;
    const Document b = measured(random, "b", Drift{.outlier = 0},
                                [&](const Record& r) { return r.case_id == slowed ? 1.2 : 1.0; });
    const RunComparison c = compare_runs(a, b, false);
    EXPECT_EQ(rows_that(c, Change::regressed), 1) << i;
    EXPECT_EQ(c.rows[3].change, Change::regressed) << change_text(*c.rows[3].ratio);
    EXPECT_GT(c.rows[3].ratio->low, 1.02);
    const RunComparison back = compare_runs(b, a, false);
    EXPECT_EQ(back.rows[3].change, Change::improved);
    EXPECT_NEAR(back.rows[3].ratio->estimate * c.rows[3].ratio->estimate, 1, 1e-9);
  }
}

TEST(Compared, WhatTheMachinesRateExplainsIsNoChange) {
  Random random(7);
  const Drift quiet{.run = 0, .of_case = 0, .process = 0.002, .outlier = 0};
  const Document a = measured(random, "a", quiet);
  Document b = measured(random, "b", quiet, [](const Record&) { return 1.1; });
  EXPECT_GT(rows_that(compare_runs(a, b, false), Change::regressed), 20);
  for (Record& r : b.records)
    for (Sample& s : r.samples) s.probe_before = s.probe_after = 118 / 1.1;
  EXPECT_EQ(rows_that(compare_runs(a, b, false), Change::regressed), 0);
}

TEST(Compared, ARunOfOneProcessClaimsNoMoreThanItCanKnow) {
  Random random(7);
  const Drift none{.run = 0, .of_case = 0, .process = 0, .sample = 0.001, .outlier = 0};
  Document a = measured(random, "a", none),
           b = measured(random, "b", none, [](const Record&) { return 1.05; });
  for (Document* d : {&a, &b})
    for (Record& r : d->records)
      for (Sample& s : r.samples) s.process.reset();
  const RunComparison c = compare_runs(a, b, false);
  EXPECT_EQ(rows_that(c, Change::unclear), static_cast<int>(c.rows.size()));
  EXPECT_NE(comparison_text(c, false).find("--against-build"), std::string::npos);
}

TEST(Compared, CasesArePairedByWhatTheyAreAndTheRestIsNamed) {
  Random random(7);
  const Document a = measured(random, "a", Drift());
  Document b = a;
  b.run = "b";
  std::reverse(b.records.begin(), b.records.end());
  b.records[0].problem = "1x3x3x8 | dw 3x3";
  b.records[1].threads = 2;
  b.records[2].state = CacheState::cold;
  b.records[3].case_id = "another name of the same problem";
  const RunComparison c = compare_runs(a, b, false);
  EXPECT_EQ(c.rows.size(), a.records.size() - 3);
  EXPECT_EQ(c.only_before.size(), 3u);
  EXPECT_EQ(c.only_after.size(), 3u);
  for (const Compared& row : c.rows) EXPECT_EQ(row.before, row.after) << row.name;
  EXPECT_EQ(rows_that(c, Change::regressed) + rows_that(c, Change::improved), 0);
}

TEST(Compared, WhatIsWrongNowIsARegressionAndWhatIsNoisyIsUnclear) {
  Random random(7);
  const Document a = measured(random, "a", Drift());
  Document b = a;
  b.run = "b";
  const auto fail = [&](std::size_t i, Outcome outcome) {
    Record& r = b.records[i];
    r.outcome = outcome;
    r.statistics.reset();
    if (outcome == Outcome::wrong) r.samples.clear(), r.check.passed = false;
  };
  fail(0, Outcome::wrong);
  fail(1, Outcome::noisy);
  const RunComparison c = compare_runs(a, b, false);
  EXPECT_EQ(c.rows[0].change, Change::regressed);
  EXPECT_EQ(c.rows[0].why, "ok, then wrong");
  EXPECT_EQ(c.rows[1].change, Change::unclear);
  EXPECT_EQ(c.rows[1].why, "ok, then noisy");
}

TEST(Compared, CountsAreExact) {
  Document a = counted_document(), b = a;
  a.run = "a", b.run = "b";
  b.records[0].counts->fmla = 500;                    // 623 of 523
  b.records[1].counts->fmla = 401;                    // 0.2 %
  const RunComparison c = compare_runs(a, b, false);  // of no known machine
  EXPECT_EQ(c.rows[0].change, Change::regressed);
  EXPECT_EQ(c.rows[1].change, Change::same);
}

TEST(Compared, TimesOfDifferentMachinesAreRefusedOrMarkedInEveryLine) {
  Random random(7);
  const Document a = measured(random, "a", Drift());
  Document b = measured(random, "b", Drift(), [](const Record&) { return 3.0; });
  b.machine.model = 99;
  try {
    compare_runs(a, b, false);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::usage);
    EXPECT_NE(std::string(e.what()).find("--across-machines"), std::string::npos) << e.what();
  }
  const RunComparison c = compare_runs(a, b, true);
  EXPECT_EQ(rows_that(c, Change::unclear), static_cast<int>(c.rows.size()));
  for (const Compared& row : c.rows) EXPECT_EQ(row.why, "another machine: no verdict");
}

TEST(Compared, NothingInBothIsAnError) {
  Document a = sample_document(1), b = counted_document();
  EXPECT_THROW(compare_runs(a, b, false), Error);
  EXPECT_THROW(compare_builds(a), Error);
}

TEST(Compared, ThreePercentShowInTurnsAndOneBuildBesideItselfDoesNot) {
  Random random(3);
  const auto runs_of = [&](double factor) {
    std::vector<Document> runs;
    for (int i = 0; i < 8; i++)
      runs.push_back(measured(random, "r",
                              Drift{.run = 0.004, .of_case = 0.002, .process = 0.006, .outlier = 0},
                              [&](const Record&) { return factor; }));
    return runs;
  };
  const RunComparison slower = compare_builds(joined(runs_of(1.03), runs_of(1), "build x", 15));
  EXPECT_GE(rows_that(slower, Change::regressed), static_cast<int>(slower.rows.size()) * 9 / 10);
  EXPECT_EQ(slower.pairing, Pairing::interleaved);
  int with_any = 0;
  for (int i = 0; i < 5; i++)
    with_any +=
        compare_builds(joined(runs_of(1), runs_of(1), "build x", 15)).has(Change::regressed);
  EXPECT_EQ(with_any, 0);
}

TEST(Compared, NetworksAreComparedToo) {
  const Document a = network_document();
  Document b = a;
  b.run = "b";
  for (Sample& s : b.networks[0].samples) s.ns *= 2;
  b.networks[0].peers.reset();
  b.networks[0] = derived(b.networks[0]);
  const RunComparison c = compare_runs(a, b, false);
  ASSERT_EQ(c.rows.size(), 3u);
  EXPECT_EQ(c.rows[0].change, Change::regressed);
  EXPECT_NE(c.rows[2].change, Change::regressed);
  ASSERT_EQ(c.means.size(), 1u);
  EXPECT_NEAR(c.means[0].ratio.estimate, std::sqrt(2.0), 1e-3);
}

TEST(Compared, EveryFormSaysTheSame) {
  Random random(7);
  const Document a = measured(random, "a", Drift{.outlier = 0});
  const std::string slowed = a.records[3].case_id;
  const Document b = measured(random, "b", Drift{.outlier = 0},
                              [&](const Record& r) { return r.case_id == slowed ? 1.3 : 1.0; });
  const RunComparison c = compare_runs(a, b, false);
  const auto json = to_json(c);
  EXPECT_EQ(json["regressed"], 1);
  EXPECT_EQ(json["rows"].size(), c.rows.size());
  const std::string text = comparison_text(c, false), markdown = comparison_markdown(c);
  for (const std::string& form : {text, markdown}) {
    EXPECT_NE(form.find("1 regressed, 0 improved"), std::string::npos) << form;
    EXPECT_NE(form.find(change_text(*c.rows[3].ratio)), std::string::npos);
    EXPECT_NE(form.find("geometric mean"), std::string::npos);
  }
  EXPECT_LT(text.find(slowed), text.find(c.rows[0].name + " "));  // what changed stands first
  EXPECT_NE(markdown.find("<details>"), std::string::npos);
}

}  // namespace
}  // namespace halcyon
