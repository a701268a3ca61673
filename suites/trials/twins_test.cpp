#include "suites/trials/twins.h"

#include <gtest/gtest.h>

#include "results/record/stats.h"

namespace halcyon {
namespace {

Record timed(double ns, int samples = 31) {
  Record r;
  r.outcome = Outcome::ok;
  for (int i = 0; i < samples; i++) {
    Sample s;
    s.iterations = 10;
    s.ns = static_cast<std::int64_t>(10 * (ns + 0.01 * ns * (i % 5 - 2)));
    s.accepted = true;
    r.samples.push_back(s);
  }
  r.statistics = statistics_of(r.samples, r.mac_counts());
  return r;
}

Record counted(std::int64_t scalar, int calls = 2) {
  Record r;
  r.outcome = Outcome::ok;
  r.unit = FigureUnit::instructions;
  r.counts = Counts{.calls = calls, .scalar = scalar * calls};
  return r;
}

Record failed(Outcome outcome) {
  Record r;
  r.outcome = outcome;
  return r;
}

bool second_kept(const Record& first, const Record& second) {
  return judge_twins(first, second).second_kept;
}

TEST(Twins, TheSecondIsKeptWhereItIsClearlyFaster) {
  EXPECT_TRUE(second_kept(timed(1000), timed(700)));
  EXPECT_FALSE(second_kept(timed(700), timed(1000)));
  EXPECT_EQ(judge_twins(timed(1000), timed(500)).why, "the gain of llvm_loop_opt is 2.00");
}

// The rule for choosing schedules: a gain within 2 % is none.
TEST(Twins, ATieLeavesTheFirst) {
  EXPECT_FALSE(second_kept(timed(1000), timed(1000)));
  EXPECT_FALSE(second_kept(timed(1000), timed(985)));
}

// Catches a comparison of medians: the core is slow for rounds 20 to 39, in which only the second's
// samples all count.
TEST(Twins, OnlySamplesOfOneRoundArePaired) {
  Record first = timed(1000, 40), second = timed(900, 40);
  for (int i = 20; i < 40; i++) {
    first.samples[i].ns *= 3;
    second.samples[i].ns *= 3;
    first.samples[i].accepted = i % 4 == 0;
    second.samples[i - 20].accepted = i % 4 == 0;
  }
  EXPECT_TRUE(second_kept(first, second));
  for (auto& s : second.samples) s.accepted = false;
  EXPECT_FALSE(second_kept(first, second));
}

TEST(Twins, CountsAreExactSoThatOneFewerWins) {
  EXPECT_TRUE(second_kept(counted(1000), counted(999)));
  EXPECT_TRUE(second_kept(counted(1000, 2), counted(999, 4)));
  EXPECT_FALSE(second_kept(counted(1000), counted(1000)));
  EXPECT_FALSE(second_kept(counted(999), counted(1000)));
}

TEST(Twins, OneThatFailedIsNotKept) {
  EXPECT_TRUE(second_kept(failed(Outcome::compile_timeout), timed(1000)));
  EXPECT_FALSE(second_kept(timed(1000), failed(Outcome::wrong)));
  EXPECT_FALSE(second_kept(timed(1000), failed(Outcome::noisy)));
  EXPECT_FALSE(second_kept(failed(Outcome::wrong), failed(Outcome::wrong)));
  EXPECT_EQ(judge_twins(timed(1000), failed(Outcome::wrong)).why, "the other is wrong");
}

TEST(Twins, TheKeptStandsForTheCaseUnderItsOwnSource) {
  Record first = timed(1000), second = timed(500);
  first.case_id = "a";
  first.schedule_source = "li2018+no_llvm_loop_opt";
  second.case_id = "a.llvm_loop_opt";
  second.schedule_source = "li2018+llvm_loop_opt";
  EXPECT_EQ(keep_better(first, second),
            "a: kept li2018+llvm_loop_opt: the gain of llvm_loop_opt is 2.00");
  EXPECT_EQ(first.case_id, "a");
  EXPECT_EQ(first.schedule_source, "li2018+llvm_loop_opt");
  EXPECT_EQ(second.case_id, "a.llvm_loop_opt");
  Record bad = failed(Outcome::wrong), worse = failed(Outcome::wrong);
  EXPECT_EQ(keep_better(bad, worse), "");
}

NamedCandidate candidate_by(LoopOpt loop_opt, Outcome search = Outcome::ok) {
  NamedCandidate c;
  c.id = "a";
  c.candidate.target.halide = "x86-64-linux";
  c.by = Autoscheduler{.name = "li2018", .loop_opt = loop_opt};
  c.search = search;
  return c;
}

TEST(Twins, AScheduleFoundMeetsItselfWithLoopOptimisation) {
  const auto both = with_twins({candidate_by(LoopOpt::unsaid)});
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].id, "a");
  EXPECT_EQ(both[0].schedule_source, "li2018+no_llvm_loop_opt");
  EXPECT_EQ(both[0].candidate.target.halide, "x86-64-linux");
  EXPECT_FALSE(both[0].twin);
  EXPECT_EQ(both[1].id, "a.llvm_loop_opt");
  EXPECT_EQ(both[1].schedule_source, "li2018+llvm_loop_opt");
  EXPECT_EQ(both[1].candidate.target.halide, "x86-64-linux-enable_llvm_loop_opt");
  EXPECT_TRUE(both[1].twin);
}

TEST(Twins, WhoAsksForOneGetsOne) {
  NamedCandidate recipe = candidate_by(LoopOpt::unsaid);
  recipe.by.reset();
  EXPECT_EQ(with_twins({recipe, candidate_by(LoopOpt::on), candidate_by(LoopOpt::off),
                        candidate_by(LoopOpt::unsaid, Outcome::compile_timeout)})
                .size(),
            4u);
}

}  // namespace
}  // namespace halcyon
