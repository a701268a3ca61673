// The trial loop on a worker whose costs are a function: no clock, no compiler.
#include "autotune/search/search.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <set>
#include <sstream>

#include "autotune/search/fake_worker.h"
#include "autotune/search/found.h"
#include "autotune/space/sample_space.h"
#include "kernels/for_tests.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// 0 to 1, of the point alone.
double noise_of(const NamedCandidate& t) {
  return static_cast<double>(std::stoul(sha256_hex(to_text(t.point)).substr(0, 6), nullptr, 16)) /
         0xffffff;
}

/// The start costs 1, others 0.6 to 1.6.
std::optional<double> cost_of(const NamedCandidate& t) {
  const Point start = recipe_for(t.of.problem).start(t.of.problem, t.candidate.target);
  return t.point == start ? 1.0 : 0.6 + noise_of(t);
}

struct Outcomes {
  std::string winner;
  std::vector<std::string> keys;
  bool operator==(const Outcomes&) const = default;
};

class SearchTest : public testing::Test {
 protected:
  std::string journal(const std::string& name = "journal") const {
    return folder_.path(name + ".jsonl");
  }
  static NamedCase a_case(const std::string& line = "1x14x14x32 | pw 64 hardswish") {
    return {"case", "suite", {"case", Problem::parse(line), "", "pointwise"}};
  }
  SearchOptions options(std::size_t trials = 40, std::uint64_t seed = 1,
                        const char* strategy = "model") const {
    return {.strategy = &strategy_kind(strategy), .seed = seed, .most_trials = trials};
  }
  SearchResult run(Worker& worker, const std::string& path, const SearchOptions& how,
                   const NamedCase& of = a_case()) const {
    SearchListener nobody;
    Ledger ledger(path, "run", [](const std::string&) {});
    return search(of, target_, how, worker, ledger, nobody);
  }
  static Outcomes outcomes_of(const SearchResult& r) {
    Outcomes o;
    if (r.winner()) o.winner = r.winner()->key;
    for (const Searched& s : r.trials) o.keys.push_back(s.key);
    return o;
  }
  std::map<std::string, int> ends_in(const std::string& path) const {
    std::map<std::string, int> ends;
    for (const auto& line : Journal::load(path).lines)
      if (line.kind == "trial") ends[line.body.at("key")]++;
    return ends;
  }

  const TestFolder folder_{TestFolder::On::memory};
  const Target target_ = sample_target();
};

NamedCandidate guest(const std::string& name, const NamedCase& of, const Target& target,
                     const char* steps) {
  NamedCandidate t{of.id + "." + name,
                   of.suite,
                   of.of,
                   {of.of.problem, parse_schedule(steps), target},
                   {},
                   name};
  t.rival = name;
  return t;
}

TEST_F(SearchTest, GuestsAreTriedInTheSameJournalAndMayWin) {
  FakeWorker worker([](const NamedCandidate& t) {
    return t.rival.empty() ? cost_of(t) : std::optional<double>(t.rival == "fast" ? 0.1 : 2.0);
  });
  SearchOptions how = options(10);
  how.guests = {guest("slow", a_case(), target_, "out: vectorize c 8"),
                guest("fast", a_case(), target_, "out: vectorize c 4")};
  const SearchResult r = run(worker, journal(), how);
  EXPECT_EQ(r.trials.size(), 12u);
  ASSERT_NE(r.winner(), nullptr);
  EXPECT_EQ(r.winner()->named.rival, "fast");
  ASSERT_TRUE(r.best_of("slow") && r.best_of());
  EXPECT_EQ(r.best_of("slow")->tried.cost, 2.0);
  EXPECT_LT(r.best_of()->tried.cost, 2.0);
  EXPECT_EQ(r.best_of("nobody"), nullptr);
  EXPECT_EQ(ends_in(journal()).size(), 12u);
}

TEST_F(SearchTest, WhatEachFoundCountsTheDroppedWhereTheyStoodAndTellsTheSilent) {
  FakeWorker worker([](const NamedCandidate& t) {
    return t.rival.empty() ? cost_of(t) : t.rival == "slow" ? std::optional(2.5) : std::nullopt;
  });
  SearchOptions how = options(10);
  how.guests = {guest("slow", a_case(), target_, "out: vectorize c 8"),
                guest("broken", a_case(), target_, "out: vectorize c 4")};
  SearchResult r = run(worker, journal(), how);
  for (Searched& s : r.trials)  // as a worker does that measures in steps
    if (s.named.rival == "slow") s.tried.record.outcome = Outcome::pruned;
  const SearchOutcome outcome = outcome_of(r, {"slow", "broken", "silent"});
  ASSERT_EQ(outcome.found.size(), 4u);
  EXPECT_EQ(outcome.problem, a_case().of.problem.text());
  EXPECT_EQ(found_text(outcome.found[0]), fixed(1 / *r.best_of()->tried.cost, 2) + "x of 10");
  EXPECT_EQ(found_text(outcome.found[1]), "~0.40x of 1");
  EXPECT_EQ(found_text(outcome.found[2]), "no figure of 1");
  EXPECT_EQ(found_text(outcome.found[3]), "nothing");
  ASSERT_TRUE(r.winner());
  EXPECT_EQ(outcome.winner, name_of(r.winner()->named));
  EXPECT_NE(outcome.why.find(r.decision.why), std::string::npos);
  EXPECT_EQ(outcome_of(r, {}).found.size(), 1u);
}

TEST_F(SearchTest, TriesTheStartFirstAndKeepsToItsBudget) {
  FakeWorker worker(cost_of);
  const SearchResult r = run(worker, journal(), options(10));
  EXPECT_EQ(r.trials.size(), 10u);
  EXPECT_EQ(worker.sizes.front(), 1u);
  EXPECT_EQ(r.start().tried.cost, 1.0);
  EXPECT_TRUE(r.ended && !r.whole_space);
  ASSERT_TRUE(r.winner());
  EXPECT_LT(*r.winner()->tried.cost, 1 / 1.03);
}

TEST_F(SearchTest, KeepsToItsTimeByTheWorkersClock) {
  FakeWorker worker(cost_of);
  SearchOptions how = options(1000);
  how.most_seconds = 20;
  const SearchResult r = run(worker, journal(), how);
  EXPECT_GE(r.seconds, 20);
  EXPECT_LT(r.seconds, 20 + FakeWorker::kSeconds * batch_size(9));
}

TEST_F(SearchTest, EndsWhenTheSpaceIsExhausted) {
  FakeWorker worker(cost_of);
  const NamedCase small = a_case("1x1x1x8 | relu");
  const SearchResult r = run(worker, journal(), options(1000), small);
  EXPECT_TRUE(r.whole_space);
  EXPECT_EQ(r.trials.size(), space_of(small.of.problem, target_).size());
}

TEST_F(SearchTest, AStartThatFailsEndsTheSearch) {
  FakeWorker worker([](const NamedCandidate&) { return std::nullopt; });
  const SearchResult r = run(worker, journal(), options());
  EXPECT_EQ(r.trials.size(), 1u);
  EXPECT_FALSE(r.winner());
  EXPECT_EQ(worker.compared, 0);
}

TEST_F(SearchTest, GoesOnWhereItWasAndTriesNothingTwice) {
  FakeWorker once(cost_of), first(cost_of), second(cost_of);
  const auto whole = outcomes_of(run(once, journal("whole"), options(40)));
  run(first, journal(), options(17));
  EXPECT_EQ(outcomes_of(run(second, journal(), options(40))), whole);
  EXPECT_EQ(first.tried_keys.size() + second.tried_keys.size(), whole.keys.size());
  FakeWorker third(cost_of);
  EXPECT_EQ(outcomes_of(run(third, journal(), options(40))), whole);
  EXPECT_TRUE(third.tried_keys.empty());
  EXPECT_EQ(third.compared, 0) << "the decision is in the journal, too";
}

TEST_F(SearchTest, AnInterruptLeavesWhatWasDoneAndIsNoTrialsOutcome) {
  FakeWorker once(cost_of);
  const auto whole = outcomes_of(run(once, journal("whole"), options(40)));
  for (const std::size_t done : {0u, 1u, 5u, 17u}) {
    const std::string path = journal("cut-" + std::to_string(done));
    FakeWorker first([&](const NamedCandidate& t) {
      if (first.tried_keys.size() == done) throw Interrupted{SIGTERM};
      return cost_of(t);
    });
    const SearchResult cut = run(first, path, options(40));
    EXPECT_FALSE(cut.ended);
    EXPECT_FALSE(cut.winner());
    ASSERT_EQ(cut.trials.size(), done);
    for (const Searched& s : cut.trials) EXPECT_EQ(s.tried.record.outcome, Outcome::ok);
    FakeWorker second(cost_of);
    EXPECT_EQ(outcomes_of(run(second, path, options(40))), whole);
    EXPECT_EQ(second.tried_keys.size() + done, whole.keys.size());
  }
}

TEST_F(SearchTest, AnotherSeedReusesWhatIsKnown) {
  FakeWorker first(cost_of), second(cost_of);
  const auto a = outcomes_of(run(first, journal(), options(40, 1)));
  const auto b = outcomes_of(run(second, journal(), options(40, 2, "random")));
  EXPECT_LT(second.tried_keys.size(), b.keys.size());  // at least the start
  for (const auto& [key, ends] : ends_in(journal())) EXPECT_EQ(ends, 1) << key;
}

TEST_F(SearchTest, KnownPointsAreTriedRightAfterTheStart) {
  FakeWorker worker(cost_of);
  const Space space = space_of(a_case().of.problem, target_);
  const std::size_t known = space.start() == 0 ? space.size() - 1 : 0;
  SearchOptions how = options(2);
  how.known = {space.point(known)};
  const SearchResult r = run(worker, journal(), how);
  ASSERT_EQ(r.trials.size(), 2u);
  EXPECT_EQ(r.trials[1].named.point, space.point(known));
}

TEST_F(SearchTest, WinnersOfSimilarProblemsAreTriedRightAfterTheStart) {
  FakeWorker worker(cost_of);
  const SearchResult before = run(worker, journal(), options());
  ASSERT_TRUE(before.winner());
  const SearchResult after =
      run(worker, journal(), options(), a_case("1x14x14x32 | pw 96 hardswish"));
  const Space space = space_of(after.of.of.problem, target_);
  EXPECT_EQ(after.trials.at(1).point, space.nearest(before.winner()->named.point));
}

/// A journal in which every candidate but the start began `starts` times and never ended.
void write_unended(const std::string& path, const std::vector<std::string>& keys, int starts,
                   bool fenced, const std::string& boot) {
  Journal j(path, "run", [](const std::string&) {});
  for (int i = 0; i < starts; i++)
    for (const auto& key : keys)
      j.append("started", {{"key", key}, {"fenced", fenced}, {"boot", boot}});
}

TEST_F(SearchTest, ACandidateThatTookTheTunerDownTwiceIsQuarantinedAndSaysWhy) {
  FakeWorker probe(cost_of), worker(cost_of);
  const auto order = outcomes_of(run(probe, journal("probe"), options(12))).keys;
  write_unended(journal(), {order[3]}, 2, true, "a boot before");
  const SearchResult r = run(worker, journal(), options(12));
  EXPECT_EQ(r.trials[3].tried.record.outcome, Outcome::quarantined);
  EXPECT_NE(r.trials[3].tried.record.detail.find("2 trials"), std::string::npos);
  const auto& tried = worker.tried_keys;
  EXPECT_EQ(std::count(tried.begin(), tried.end(), order[3]), 0);
}

TEST_F(SearchTest, ASuspectIsTriedAloneSoThatItCannotTakeOthersWithIt) {
  FakeWorker probe(cost_of), worker(cost_of);
  const auto order = outcomes_of(run(probe, journal("probe"), options(5))).keys;
  write_unended(journal(), {order[2]}, 1, false, boot_id());
  EXPECT_EQ(outcomes_of(run(worker, journal(), options(5))).keys, order);
  EXPECT_EQ(worker.sizes, (std::vector<std::size_t>{1, batch_size(1) - 1, 1}));
}

TEST_F(SearchTest, BeingKilledBehindAFenceIsNotTheCandidatesDoing) {
  FakeWorker probe(cost_of), worker(cost_of);
  const auto order = outcomes_of(run(probe, journal("probe"), options(5))).keys;
  write_unended(journal(), order, 9, true, boot_id());
  const SearchResult r = run(worker, journal(), options(5));
  for (const Searched& s : r.trials) EXPECT_EQ(s.tried.record.outcome, Outcome::ok);
}

TEST_F(SearchTest, OneHostileCandidateInTenDoesNotChangeTheWinner) {
  FakeWorker peaceful(cost_of), beset([](const NamedCandidate&t) {
    const double n = noise_of(t);  // what wins is far below 0.9
    return n > 0.9 ? std::nullopt : cost_of(t);
  });
  const SearchResult a = run(peaceful, journal("a"), options(1000, 1, "exhaustive"));
  const SearchResult b = run(beset, journal("b"), options(1000, 1, "exhaustive"));
  ASSERT_TRUE(a.winner());
  EXPECT_EQ(outcomes_of(a).winner, outcomes_of(b).winner);
  const auto crashed = std::count_if(b.trials.begin(), b.trials.end(), [](const Searched& s) {
    return s.tried.record.outcome == Outcome::run_crash;
  });
  EXPECT_GT(crashed, static_cast<long>(b.trials.size()) / 20);
}

/// Runs the search in a child that says on a pipe which trials were acknowledged; kills it
/// `delay_us` after so many of them. Whether it ended by itself.
template <class Run>
bool run_and_kill(int after, unsigned delay_us, std::set<std::string>& acknowledged,
                  const Run& run) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    run([fd = ends[1]](const std::string& key) {
      const std::string line = key + "\n";
      if (write(fd, line.data(), line.size()) < 0) _exit(3);
    });
    _exit(0);
  }
  close(ends[1]);
  std::string said;
  char buffer[4096];
  const auto hear = [&] {
    const ssize_t n = read(ends[0], buffer, sizeof buffer);
    if (n > 0) said.append(buffer, static_cast<std::size_t>(n));
    return n > 0;
  };
  while (std::count(said.begin(), said.end(), '\n') < after && hear()) {
  }
  usleep(delay_us);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  while (hear()) {
  }
  close(ends[0]);
  std::istringstream lines(said);
  for (std::string key; std::getline(lines, key);) acknowledged.insert(key);
  return WIFEXITED(status);
}

TEST_F(SearchTest, AHundredKillsLoseNothingRepeatNothingAndChangeNoWinner) {
  constexpr std::uint64_t kSeed = 20261124;
  std::mt19937_64 random(kSeed);
  int kills = 0, winners = 0;
  std::vector<int> cuts;  // of each search
  for (std::uint64_t round = 1; kills < 100; round++) {
    const std::string path = journal("round" + std::to_string(round));
    std::set<std::string> acknowledged;
    const auto search_with_pauses = [&](const auto& say) {
      FakeWorker worker(cost_of);
      worker.pause_us = 500;
      worker.acknowledged = say;
      run(worker, path, options(40, round));
    };
    // Up to 9 trials later, or before the first; anywhere between two lines, or in one.
    cuts.push_back(0);
    while (kills < 100 && !run_and_kill(static_cast<int>(random() % 10), random() % 3000,
                                        acknowledged, search_with_pauses))
      kills++, cuts.back()++;
    FakeWorker rest(cost_of), undisturbed(cost_of);
    const auto end = outcomes_of(run(rest, path, options(40, round)));
    EXPECT_EQ(end, outcomes_of(run(undisturbed, journal("whole"), options(40, round))))
        << "seed " << kSeed << " round " << round;
    winners += !end.winner.empty();
    const auto ends = ends_in(path);
    for (const auto& [key, count] : ends) EXPECT_EQ(count, 1) << key;
    for (const auto& key : acknowledged) EXPECT_EQ(ends.count(key), 1u) << key;
  }
  EXPECT_EQ(std::accumulate(cuts.begin(), cuts.end(), 0), 100);
  EXPECT_GE(*std::max_element(cuts.begin(), cuts.end()), 5) << "one search cut again and again";
  EXPECT_GT(winners, 0);
}

TEST_F(SearchTest, AJournalCutAtAnyByteOfItsLastTwoTrialsGoesOnFromTheWholeOnes) {
  const auto all_better =
      [](const NamedCandidate& t) {  // than the start: there is a winner to lose
        return std::optional(*cost_of(t) == 1 ? 1 : 0.6 + 0.3 * noise_of(t));
      };
  FakeWorker worker(all_better);
  const NamedCase of = a_case("1x6x6x8 | relu");  // a small space is soon made, thousands of times
  const SearchOptions how = options(3, 1, "random");
  const auto whole = outcomes_of(run(worker, journal(), how, of));
  ASSERT_NE(whole.winner, "");
  const std::string bytes = bytes_in(journal());
  std::vector<std::size_t> ends;  // of trial lines
  for (std::size_t at = 0; (at = bytes.find("\"kind\":\"trial\"", at)) != bytes.npos; at++)
    ends.push_back(bytes.find('\n', at) + 1);
  ASSERT_EQ(ends.size(), 3u);
  // To the end of the file: the decision's line is cut, too.
  for (std::size_t cut = ends[0]; cut <= bytes.size(); cut++) {
    std::ofstream(journal("cut"), std::ios::trunc) << bytes.substr(0, cut);
    const auto loaded = ends_in(journal("cut"));
    ASSERT_EQ(loaded.size(), cut >= ends[2] ? 3u : cut >= ends[1] ? 2u : 1u) << cut;
    FakeWorker rest(all_better);
    ASSERT_EQ(outcomes_of(run(rest, journal("cut"), how, of)), whole) << cut;
    ASSERT_EQ(rest.tried_keys.size(), 3 - loaded.size()) << cut;
    std::filesystem::remove(journal("cut") + ".torn-1");  // or the next one looks for a free name
  }
}

}  // namespace
}  // namespace halcyon
