#include "kernels/oracle/reference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "kernels/for_tests.h"
#include "kernels/oracle/fill.h"
#include "kernels/oracle/random_problem.h"
#include "kernels/oracle/second_opinion.h"

namespace halcyon {
namespace {

Tensors filled(const Problem& problem, Fill kind, std::uint64_t seed) {
  Tensors tensors;
  for (const TensorSpec& spec : problem.tensors())
    if (spec.role != Role::output) tensors[spec.name] = fill(spec, problem, kind, seed);
  return tensors;
}

using Values = std::vector<float>;

/// 1, 2, 3, ...
std::vector<float> counting(int n) {
  std::vector<float> out(n);
  std::iota(out.begin(), out.end(), 1.0f);
  return out;
}

std::vector<float> out_of(const char* line, const Tensors& arguments) {
  return numbers_of<float>(reference(Problem::parse(line), arguments).at("out"));
}

TEST(Reference, ConvolvesByHand) {
  // 1*1 + 2*2 + 4*3 + 5*4 + 10 = 47, and so on over the four windows.
  EXPECT_EQ(
      out_of("1x3x3x1 | conv 2x2 1", {{"in", counting(9)}, {"w", counting(4)}, {"b", Values{10}}}),
      (Values{47, 57, 77, 87}));
  // Stride 2 in height only; padding above and to the left only.
  EXPECT_EQ(out_of("1x2x2x1 | conv 2x2 1 s2x1 p1,1,1,0",
                   {{"in", counting(4)}, {"w", counting(4)}, {"b", Values{0}}}),
            (Values{4, 3 + 8, 2 * 3, 1 * 3 + 2 * 4}));
}

TEST(Reference, ConvolvesInGroupsWithTheOutputChannelInnermost) {
  // Group 0 reads channels 0, 1 and writes outputs 0, 1; w[k][c] = 1 2 3 4 / 5 6 7 8.
  EXPECT_EQ(
      out_of("1x1x1x4 | pw 4 g2",
             {{"in", Values{1, 10, 100, 1000}}, {"w", counting(8)}, {"b", Values{0, 0, 0, 0.5}}}),
      (Values{51, 62, 7300, 8400.5}));
  EXPECT_EQ(out_of("1x1x1x2 | linear 3",
                   {{"in", Values{1, 10}}, {"w", counting(6)}, {"b", Values{0, 0, 1}}}),
            (Values{41, 52, 64}));
}

TEST(Reference, ConvolvesEachChannelAloneInDepthwise) {
  EXPECT_EQ(out_of("1x1x3x2 | dw 1x3",
                   {{"in", Values{1, 10, 2, 20, 3, 30}}, {"w", counting(6)}, {"b", Values{0, 1}}}),
            (Values{3 + 10, 41 - 1 + 120 + 1, 1 + 6 + 15, 20 + 80 + 180 + 1, 2 + 9, 40 + 120 + 1}));
  // Dilation 2: taps two apart.
  EXPECT_EQ(
      out_of("1x5x1x1 | dw 3x1 d2 p0", {{"in", counting(5)}, {"w", counting(3)}, {"b", Values{0}}}),
      (Values{1 + 6 + 15}));
}

TEST(Reference, PoolsByHand) {
  EXPECT_EQ(out_of("1x2x4x1 | maxpool 2x2 s2", {{"in", Values{1, 5, -2, -3, 4, 2, -8, -1}}}),
            (Values{5, -1}));
  // Padding never wins, although every input is below zero.
  EXPECT_EQ(out_of("1x1x3x1 | maxpool 1x3", {{"in", Values{-3, -2, -4}}}), (Values{-2, -2, -2}));
  EXPECT_EQ(out_of("2x1x2x2 | gap", {{"in", Values{1, 2, 3, 6, 5, 6, 7, 8}}}),
            (Values{2, 4, 6, 7}));
}

TEST(Reference, MovesPixelsByHand) {
  EXPECT_EQ(out_of("1x2x4x1 | s2d 2", {{"in", counting(8)}}), (Values{1, 2, 5, 6, 3, 4, 7, 8}));
  EXPECT_EQ(out_of("1x1x2x1 | upsample2x", {{"in", Values{4, 8}}}),
            (Values{4, 5, 7, 8, 4, 5, 7, 8}));
}

TEST(Reference, SumsTokensByHand) {
  EXPECT_EQ(out_of("2x1x2x2 | tokensum", {{"in", counting(8)}, {"x1", Values{1, 10, 100, 1000}}}),
            (Values{31, 42, 7500, 8600}));
}

TEST(Reference, SqueezesAndExcitesByHand) {
  // Means 2, 4; hidden relu(2*1 + 4*1 - 5) = 1; gates hardsigmoid(3*1) = 1, hardsigmoid(-3) = 0.
  EXPECT_EQ(out_of("1x1x2x2 | se 1 relu hardsigmoid", {{"in", Values{1, 2, 3, 6}},
                                                       {"wr", Values{1, 1}},
                                                       {"br", Values{-5}},
                                                       {"we", Values{3, -3}},
                                                       {"be", Values{0, 0}}}),
            (Values{1, 0, 3, 0}));
}

TEST(Reference, AppliesTheEpilogueInItsOrder) {
  const Values in = {-4, 2}, x1 = {3, 10}, x2 = {1, 1};
  EXPECT_EQ(out_of("1x1x1x2 | relu scale add", {{"in", in}, {"x1", x1}, {"x2", x2}}),
            (Values{1, 21}));
  EXPECT_EQ(out_of("1x1x1x2 | add scale relu", {{"in", in}, {"x1", x1}, {"x2", x2}}),
            (Values{0, 12}));
  EXPECT_EQ(out_of("1x1x1x2 | relu skip", {{"in", in}}), (Values{-4, 4}));
  // `skip` adds the problem's input, not the op's.
  EXPECT_EQ(out_of("1x1x1x2 | relu | gap skip", {{"in", in}}), (Values{-4, 4}));
}

TEST(Reference, YieldsTheSumsOfTheResultAfterItsEpilogue) {
  const Problem problem = Problem::parse("2x1x2x1 | relu sums | gap");
  const Tensors outputs = reference(problem, {{"in", Values{-1, 2, 3, 4}}});
  EXPECT_EQ(numbers_of<float>(outputs.at("sums1")), (Values{2, 7}));
  EXPECT_EQ(numbers_of<float>(outputs.at("out")), (Values{1, 3.5}));
}

TEST(Reference, ActivationsFollowTheirDefinitions) {
  const struct {
    Act act;
    double x, y;
  } known[] = {
      {Act::relu, -2, 0},
      {Act::relu, 3, 3},
      {Act::relu6, 7, 6},
      {Act::hardsigmoid, 0, 0.5},
      {Act::hardsigmoid, -4, 0},
      {Act::hardsigmoid, 4, 1},
      {Act::hardswish, 1, 4. / 6},
      {Act::hardswish, -3, 0},
      {Act::hardswish, 5, 5},
      {Act::sigmoid, 1, 0.7310585786300049},
      {Act::silu, 1, 0.7310585786300049},
      {Act::silu, -1, -0.2689414213699951},
      {Act::gelu, 1, 0.8413447460685429},
      {Act::gelu, -1, -0.15865525393145707},
      {Act::gelu, -6, -5.919525870226189e-09},
  };
  for (const auto& [act, x, y] : known)
    EXPECT_NEAR(activation(act, x), y, 1e-14 + 1e-9 * std::abs(y)) << to_text(act) << " " << x;
  for (int act = 0; act < 7; ++act)  // catches min/max that swallow NaN
    EXPECT_TRUE(std::isnan(activation(static_cast<Act>(act), NAN))) << act;
}

TEST(Reference, AgreesWithASecondOpinionOnWhateverTheGrammarWrites) {
  const unsigned seed = 21;
  RandomProblem random(seed);
  for (int i = 0; i < 1500; ++i) {
    const Problem problem = Problem::parse(random.computed_line());
    const Tensors arguments = filled(problem, i % 2 ? Fill::adversarial : Fill::random, i);
    const Tensors ours = reference(problem, arguments);
    const Tensors theirs = SecondOpinion<double>(problem, arguments).run();
    ASSERT_EQ(ours.size(), theirs.size());
    for (const auto& [name, values] : ours) {
      ASSERT_EQ(values.size(), theirs.at(name).size()) << problem.text();
      for (std::size_t e = 0; e < values.size(); ++e) {
        const double other = theirs.at(name).at(e);
        // Both round a double of the same value to float: half an ulp of either.
        ASSERT_NEAR(values.at(e), other, 1e-6 * std::abs(other) + 1e-9)
            << "seed " << seed << ": " << problem.text() << ": " << name << " " << e;
      }
    }
  }
}

// The identity that HENet's S2DDown rests on: P[co, (dy*2+dx)*C + ci] = W[co, ci, dy, dx].
TEST(Reference, SpaceToDepthAndPointwiseIsTheStridedConvolution) {
  const Problem conv = Problem::parse("2x6x8x3 | conv 2x2 5 s2");
  const Problem pair = Problem::parse("2x6x8x3 | s2d 2 | pw 5");
  const Tensors arguments = filled(conv, Fill::random, 3);
  // (c, k, kx, ky) with ky outermost is (c, (dy*2 + dx)*3 + k): the same order in memory.
  const Tensors renamed = {
      {"in", arguments.at("in")}, {"w2", arguments.at("w")}, {"b2", arguments.at("b")}};
  EXPECT_EQ(reference(conv, arguments), reference(pair, renamed));
}

TEST(Reference, RefusesMissingAndMisshapenTensors) {
  const Problem problem = Problem::parse("1x2x2x1 | dw 1x1");
  const auto message = [&](const Tensors& arguments) -> std::string {
    return refusal_of([&] { reference(problem, arguments); }, Exit::data);
  };
  EXPECT_EQ(message({{"in", counting(4)}, {"w", Values{1}}}), "tensor 'b' is missing");
  const Tensors of_f16 = {{"in", Tensor(DType::f16, 4)}, {"w", Values{1}}, {"b", Values{0}}};
  EXPECT_EQ(message(of_f16), "tensor 'in' is of f16; allowed: f32");
  EXPECT_EQ(message({{"in", counting(3)}, {"w", Values{1}}, {"b", Values{0}}}),
            "tensor 'in' has 3 elements; allowed: 4");
}

}  // namespace
}  // namespace halcyon
