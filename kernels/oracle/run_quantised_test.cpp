#include <gtest/gtest.h>

#include <cmath>

#include "kernels/error.h"
#include "kernels/oracle/arguments.h"
#include "kernels/problem/quantisation.h"

namespace halcyon {
namespace {

using Numbers = std::vector<double>;

Tensor of(DType dtype, const Numbers& values) { return Tensor::rounded(dtype, values); }

/// {in zero, zero, scale, factor, operands ...}
Tensor constants(double in_zero, double zero, double scale, double factor, Numbers operands = {}) {
  Numbers q = {in_zero, zero, scale, 1 / scale, factor};
  q.insert(q.end(), operands.begin(), operands.end());
  return of(DType::f32, q);
}

Numbers out_of(const std::string& line, const Tensors& arguments) {
  return numbers_of<double>(reference(Problem::parse(line), arguments).at("out"));
}

TEST(Quantised, PaddingReadsTheZeroPoint) {
  // Three columns of 10 + {1, 2, 3}, taps of 1: sums of neighbours, where outside counts as zero.
  // The bias has -zero * (sum of weights) in it.
  const Tensors arguments = {{"in", of(DType::u8, {11, 12, 13})},
                             {"w", of(DType::i8, {1, 1, 1})},
                             {"b", of(DType::i32, {-30})},
                             {"m", of(DType::f32, {1})},
                             {"q", constants(10, 5, 1, 1)}};
  EXPECT_EQ(out_of("i8 1x1x3x1 | dw 1x3", arguments), (Numbers{5 + 3, 5 + 6, 5 + 5}));
}

TEST(Quantised, RoundsTiesToEvenThenAddsTheZeroPointAndSaturates) {
  const auto outs = [](double zero) {
    return out_of("i8 1x1x1x6 | relu6", {{"in", of(DType::u8, {1, 3, 5, 7, 100, 255})},
                                         {"q", constants(0, zero, 0.03, 0.5)}});
  };
  EXPECT_EQ(outs(0), (Numbers{0, 2, 2, 4, 50, 128}));
  EXPECT_EQ(outs(1), (Numbers{1, 3, 3, 5, 51, 129}));
  EXPECT_EQ(outs(200), (Numbers{200, 202, 202, 204, 250, 255}));
}

TEST(Quantised, OperandsHaveScalesOfTheirOwn) {
  const Tensors arguments = {{"in", of(DType::u8, {10, 20})},
                             {"x1", of(DType::u8, {7, 9})},
                             {"q", constants(10, 3, 1, 2, {8, 0.5})}};
  EXPECT_EQ(out_of("i8 1x1x1x2 | add", arguments), (Numbers{3 + 0, 3 + 20}));  // -0.5 is 0
}

TEST(Quantised, WhatOnlyMovesHasNoConstants) {
  const Problem p = Problem::parse("i8 1x2x2x1 | s2d 2");
  ASSERT_EQ(p.tensors().size(), 2u);
  EXPECT_EQ(out_of(p.text(), {{"in", of(DType::u8, {1, 2, 3, 255})}}), (Numbers{1, 2, 3, 255}));
}

TEST(Conversion, ToI8RoundsTiesToEvenAndSaturates) {
  const Tensors arguments = {{"in", of(DType::f32, {-9, -1, 0.25, 0.75, 1.25, 1000})},
                             {"q", constants(0, 4, 1, 2)}};
  EXPECT_EQ(out_of("1x1x1x6 | to i8", arguments), (Numbers{0, 2, 4, 6, 6, 255}));
}

TEST(Conversion, FromI8GivesWhatStepsStandFor) {
  const Tensors arguments = {{"in", of(DType::u8, {0, 3, 255})}, {"q", constants(3, 0, 1, 0.5)}};
  EXPECT_EQ(out_of("i8 1x1x1x3 | to f32", arguments), (Numbers{-1.5, 0, 126}));
}

TEST(Conversion, Of16BitsHasNoConstants) {
  EXPECT_EQ(Problem::parse("1x1x1x3 | to bf16").tensors().size(), 2u);
  EXPECT_EQ(out_of("1x1x1x2 | to bf16", {{"in", of(DType::f32, {1, 1.001})}}), (Numbers{1, 1}));
  EXPECT_EQ(out_of("f16 1x1x1x1 | to f32", {{"in", of(DType::f16, {0.5})}}), (Numbers{0.5}));
}

TEST(Conversion, IsTheOnlyOpAndBetweenF32AndAnother) {
  for (const char* line : {"1x1x1x4 | to f32", "i8 1x1x1x4 | to bf16", "1x1x1x4 | to i8 relu",
                           "1x1x1x4 | to i8 | linear 4", "1x1x1x4 | linear 4 | to i8",
                           "1x1x1x4 | to u8", "1x1x1x4 | to"})
    EXPECT_THROW(Problem::parse(line), Error) << line;
}

TEST(Quantised, OpsWithoutScalesAreRefused) {
  for (const char* line :
       {"i8 1x2x2x8 | se 2 relu sigmoid", "i8 1x2x2x8 | tokensum", "i8 1x2x2x8 | pw 4 sums"})
    EXPECT_THROW(Problem::parse(line), Error) << line;
}

}  // namespace
}  // namespace halcyon
