#include "autotune/search/decision.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "kernels/error.h"

namespace halcyon {
namespace {

/// Figures as a shared machine gives them: each process has a bias of its own (memory lies
/// elsewhere), each sample noise, and some samples are disturbed.
class Machine {
 public:
  explicit Machine(std::uint64_t seed) : random_(seed) {}
  Interleaved measure(const std::string& state, const std::vector<double>& times) {
    Interleaved all{state, std::vector<std::vector<double>>(times.size()), {}};
    for (int process = 0; process < 3; process++)
      for (std::size_t i = 0; i < times.size(); i++) {
        const double bias = std::exp(kProcessBias * normal_(random_));
        for (int round = 0; round < 31; round++)
          all.figures[i].push_back(
              disturbed_(random_) ? 0 : times[i] * bias * std::exp(kNoise * normal_(random_)));
      }
    return all;
  }
  std::vector<Interleaved> measure(const std::vector<double>& times) {
    return {measure("warm", times), measure("cold-weights", times)};
  }

 private:
  static constexpr double kProcessBias = 0.01, kNoise = 0.02;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  std::bernoulli_distribution disturbed_{0.1};
};

TEST(Decision, ACandidateAgainstItselfWinsAtMostFourTimesInTwoHundred) {
  constexpr std::uint64_t kSeed = 20261124;
  Machine machine(kSeed);
  int winners = 0;
  for (int i = 0; i < 200; i++)
    winners += decide(machine.measure({100, 100}), FigureUnit::ns, {{}}, 1).winner.has_value();
  EXPECT_LE(winners, 4) << "seed " << kSeed;
}

TEST(Decision, AGainOfATenthIsSeen) {
  Machine machine(7);
  int winners = 0;
  for (int i = 0; i < 20; i++)
    winners += decide(machine.measure({110, 100}), FigureUnit::ns, {{}}, 1).winner.has_value();
  EXPECT_EQ(winners, 20);
}

TEST(Decision, AGainInOneStateOnlyIsNone) {
  Machine machine(7);
  const Decision d =
      decide({machine.measure("warm", {120, 100}), machine.measure("cold-weights", {100, 100})},
             FigureUnit::ns, {{}}, 1);
  EXPECT_FALSE(d.winner);
  EXPECT_NE(d.why.find("no difference shown"), std::string::npos) << d.why;
  EXPECT_EQ(d.evidence.at(0).at(0).verdict, Verdict::better);
}

TEST(Decision, TiesGoToTheSimpler) {
  Machine machine(7);
  const std::vector<Simplicity> simplicity = {{40, 3}, {30, 5}, {20, 1}};
  const Decision d = decide(machine.measure({120, 100, 100.3, 110}), FigureUnit::ns, simplicity, 1);
  EXPECT_EQ(d.winner, 1u) << d.why;  // not the third, which is simpler still, but slower
}

TEST(Decision, FewSamplesDecideNothing) {
  const Interleaved few{"warm", {std::vector<double>(14, 200), std::vector<double>(14, 100)}, {}};
  EXPECT_FALSE(decide({few}, FigureUnit::ns, {{}}, 1).winner);
  const Interleaved enough{
      "warm", {std::vector<double>(15, 200), std::vector<double>(15, 100)}, {}};
  EXPECT_EQ(decide({enough}, FigureUnit::ns, {{}}, 1).winner, 0u);
}

TEST(Decision, DisturbedSamplesLeaveTheirPartnersUnpaired) {
  Interleaved s{"warm", {std::vector<double>(40, 100), std::vector<double>(40, 100)}, {}};
  for (int i = 0; i < 20; i++) s.figures[0][i] = 0;
  for (int i = 0; i < 5; i++) s.figures[1][39 - i] = 0;
  EXPECT_EQ(compare("warm", FigureUnit::ns, s.figures[0], s.figures[1], 1).pairs, 15);
}

TEST(Decision, CountsMustGainThreePercent) {
  const auto counts = [](double start, double candidate) {
    return std::vector<Interleaved>{{"warm", {{start}, {candidate}}, {}}};
  };
  EXPECT_EQ(decide(counts(1031, 1000), FigureUnit::instructions, {{}}, 1).winner, 0u);
  EXPECT_FALSE(decide(counts(1030, 1000), FigureUnit::instructions, {{}}, 1).winner);
  EXPECT_FALSE(decide(counts(900, 1000), FigureUnit::instructions, {{}}, 1).winner);
}

TEST(Decision, ACandidateWithoutFiguresCannotWin) {
  EXPECT_FALSE(decide({{"warm", {{1000}, {}}, {}}}, FigureUnit::instructions, {{}}, 1).winner);
  EXPECT_FALSE(decide({}, FigureUnit::ns, {}, 1).winner);
}

TEST(Decision, ADecisionReadsBackFromItsJson) {
  Machine machine(7);
  const Decision d = decide(machine.measure({120, 100, 119}), FigureUnit::ns, {{}, {}}, 1);
  EXPECT_EQ(to_json(decision_from_json(to_json(d), "here")), to_json(d));
  auto wrong = to_json(d);
  wrong["winner"] = 2;
  EXPECT_THROW(decision_from_json(wrong, "here"), Error);
}

}  // namespace
}  // namespace halcyon
