#include "autotune/keep.h"

#include <algorithm>

#include "kernels/error.h"
#include "schedules/tuned/tuned_sample.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLine = "1x14x14x32 | pw 64";

/// A search that tried the start and another point, which won unless `stands`.
SearchResult searched(const std::string& line, bool stands = false) {
  const Problem problem = Problem::parse(line);
  SearchResult result;
  result.of = {"case", "suite", {"case", problem, "", "pointwise"}};
  const Point start = recipe_for(problem).start(problem, tuned_target());
  for (const Point& point : {start, tuned_entry(line).point}) {
    Searched s;
    s.named = candidate_at(result.of, tuned_target(), point);
    s.tried.record.id = "trial";
    s.tried.record.unit = FigureUnit::ns;
    s.tried.cost = 1;
    result.trials.push_back(s);
  }
  result.leaders = {1};
  result.decision.evidence = {{{"warm", {1.1, 1.2, 1.3}, 90, Verdict::better}}};
  if (!stands) result.decision.winner = 0;
  Record decided;
  decided.id = "decided";
  decided.schedule = to_text(result.trials[1].named.candidate.schedule);
  result.compared = {decided};
  return result;
}

Machine a_machine() {
  Machine m;
  m.cpu_model = "EPYC";
  m.vendor = "AuthenticAMD";
  m.family = 25;
  m.model = 17;
  return m;
}

Tuning tuning_of(const std::vector<SearchResult>& searches) {
  Tuning tuning;
  tuning.searches = searches;
  tuning.document.machine = a_machine();
  tuning.document.toolchain.halide = "21.0.0";
  return tuning;
}

class Keep : public TunedFolder {
 protected:
  std::string file() const { return root_ + "/zen3/pw.json"; }
  std::vector<std::string> lines() const {
    std::ifstream in(file());
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
  }
  std::vector<std::string> keep_all(const std::vector<SearchResult>& searches) const {
    return keep_winners(tuning_of(searches), tuned_target(), root_);
  }
};

TEST_F(Keep, WritesWinnersAloneWithTheirEvidence) {
  const auto said = keep_all({searched(kLine), searched("1x7x7x32 | pw 64", true)});
  EXPECT_EQ(said.size(), 1u);
  const auto entries = read_tuned(file());
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].problem, kLine);
  EXPECT_EQ(entries[0].point, tuned_entry(kLine).point);
  EXPECT_EQ(entries[0].steps, tuned_entry(kLine).steps);
  EXPECT_EQ(entries[0].states, (std::vector<TunedState>{{"warm", 1.2, 1.1, 1.3, 90}}));
  EXPECT_EQ(entries[0].cpu, "EPYC");
  EXPECT_EQ(entries[0].cpu_id, "AuthenticAMD 25/17");
  EXPECT_EQ(entries[0].record, "decided");
}

TEST_F(Keep, LeavesTheEntriesOfOtherProblemsAndOfTheStartAlone) {
  keep_all({searched(kLine), searched("1x7x7x32 | pw 64")});
  const auto before = lines();
  keep_all({searched(kLine, true)});
  EXPECT_EQ(lines(), before) << "a search without a winner disproves nothing";
  SearchResult better = searched(kLine);
  better.decision.evidence[0][0].speedup.estimate = 1.25;
  keep_all({better});
  const auto after = lines();
  ASSERT_EQ(after.size(), before.size());
  int changed = 0;
  for (std::size_t i = 0; i < after.size(); i++) changed += after[i] != before[i];
  EXPECT_EQ(changed, 1) << "the line of the speedup";
  keep_all({searched("1x7x7x32 | pw 96")});
  const auto more = lines();
  std::size_t kept = 0;  // lines of the old file, in their order
  for (const auto& line : more) kept += kept < after.size() && line == after[kept];
  EXPECT_GE(kept + 1, after.size()) << "but for a comma";
}

TEST_F(Keep, PutsAStepOnALine) {
  keep_all({searched(kLine)});
  const auto all = lines();
  const std::string step = tuned_entry(kLine).steps.front();
  const auto colon = step.find(": ");
  const std::string wanted =
      "{\"" + step.substr(0, colon) + "\": \"" + step.substr(colon + 2) + "\"}";
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const std::string& line) {
    return line.find_first_not_of(' ') == line.find(wanted) && line.find(wanted) != line.npos;
  })) << wanted;
}

TEST_F(Keep, RefusesToWriteOverWhatIsNoFileOfEntries) {
  fs::create_directories(root_ + "/zen3");
  std::ofstream(file()) << "{\"mine\": 1}\n";
  try {
    keep_all({searched("1x7x7x32 | dw 3x3"), searched(kLine)});
    ADD_FAILURE() << "accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::usage);
    EXPECT_NE(std::string(e.what()).find(file()), std::string::npos);
  }
  EXPECT_EQ(lines(), std::vector<std::string>{"{\"mine\": 1}"});
  EXPECT_FALSE(fs::exists(root_ + "/zen3/dw.json")) << "all or nothing";
}

/// A tuning whose one search was ranked inside a network: the start, then its other point.
class KeepInNetwork : public Keep {
 protected:
  KeepInNetwork() {
    tuning_.searches = {searched(kLine)};
    tuning_.document.machine = a_machine();
    RankedProblem p{tuning_.searches[0].of};
    p.search = tuning_.searches.data();
    p.alternatives = {1, 0};
    p.over_start = {{kInNetwork, {1.03, 1.05, 1.07}, 90, Verdict::better},
                    {kInNetwork, {1, 1, 1}, 90, Verdict::no_difference}};
    p.decision.evidence.resize(1);
    tuning_.networks.push_back({"net", {p}});
  }
  RankedProblem& ranked() { return tuning_.networks[0].problems[0]; }
  SearchResult& search() { return tuning_.searches[0]; }
  std::vector<TunedEntry> kept() {
    said_ = keep_winners(tuning_, tuned_target(), root_);
    return fs::exists(file()) ? read_tuned(file()) : std::vector<TunedEntry>();
  }
  Tuning tuning_;
  std::vector<std::string> said_;
};

TEST_F(KeepInNetwork, TheNetworksEvidenceStandsBesideTheOthers) {
  const auto entries = kept();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].states, (std::vector<TunedState>{{"warm", 1.2, 1.1, 1.3, 90},
                                                        {kInNetwork, 1.05, 1.03, 1.07, 90}}));
  EXPECT_EQ(entries[0].network, "net");
}

TEST_F(KeepInNetwork, AWinnerInsideIsKeptThatIsNoneAlone) {
  search().decision.winner.reset();
  search().decision.evidence[0][0].speedup = {0.9, 0.95, 1};
  ranked().alternatives = {0, 1};
  std::swap(ranked().over_start[0], ranked().over_start[1]);
  ranked().decision.winner = 0;
  const auto entries = kept();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].states.front().speedup, 0.95) << "what it is alone is said, too";
  EXPECT_EQ(entries[0].states.back().state, kInNetwork);
}

TEST_F(KeepInNetwork, WhatIsShownNowhereIsNotKept) {
  search().decision.winner.reset();
  ranked().over_start[0].verdict = Verdict::no_difference;
  EXPECT_TRUE(kept().empty());
  EXPECT_TRUE(said_.empty());
}

TEST_F(KeepInNetwork, WhatLosesToTheStartInsideGoesAndOthersStay) {
  const std::string cpu = cpu_id(a_machine()).model;
  keep("zen3", {tuned_entry("1x14x14x32 | pw 32", cpu), tuned_entry(kLine, cpu)});
  ranked().over_start[0] = {kInNetwork, {0.9, 0.92, 0.95}, 90, Verdict::worse};
  ranked().decision.winner = 0;  // the start
  const auto entries = kept();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].problem, "1x14x14x32 | pw 32");
  ASSERT_EQ(said_.size(), 1u);
  EXPECT_NE(said_[0].find("the start is faster inside net"), std::string::npos) << said_[0];
}

TEST_F(KeepInNetwork, WhatAnotherCpuOfTheBrandFoundStays) {
  ranked().over_start[0] = {kInNetwork, {0.9, 0.92, 0.95}, 90, Verdict::worse};
  ranked().decision.winner = 0;  // the start
  keep("zen3", {tuned_entry(kLine, "AuthenticAMD 26/2")});
  EXPECT_EQ(kept().size(), 1u);
  keep("zen3", {tuned_entry(kLine, "")});
  EXPECT_TRUE(kept().empty())
      << "by the brand alone it may have been this one, and would be served";
}

}  // namespace
}  // namespace halcyon
