#include "schedules/language/winograd.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "schedules/language/layout.h"

namespace halcyon {
namespace {

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

TEST(Winograd, OneAxisOfATileIsTheSumOverItsWindow) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> any(-1, 1);
  for (int results : {2, 4}) {
    const Winograd& w = *find_winograd(results);
    std::vector<double> inputs(w.inputs()), weights(3), products;
    for (double& v : inputs) v = any(random);
    for (double& v : weights) v = any(random);
    for (int i = 0; i < w.inputs(); ++i)
      products.push_back(dot(w.of_inputs[i], inputs) * dot(w.of_weights[i], weights));
    for (int i = 0; i < results; ++i)
      EXPECT_NEAR(dot(w.of_results[i], products),
                  dot({inputs.begin() + i, inputs.begin() + i + 3}, weights), 1e-13)
          << results << ", seed 7";
  }
  EXPECT_EQ(find_winograd(3), nullptr);
}

// What the rewrite shares between rows.
TEST(Winograd, RowsOfOppositePointsDifferInTheSignOfTheirOddColumns) {
  for (int results : {2, 4}) {
    const Winograd& w = *find_winograd(results);
    for (int row = 1; row < results; row += 2)
      for (int i = 0; i < w.inputs(); ++i) {
        const double sign = i % 2 == 0 ? 1 : -1;
        EXPECT_EQ(w.of_inputs[row][i], sign * w.of_inputs[row + 1][i]) << results << " " << row;
      }
    for (int row = 0; row < results; ++row)
      for (int i = 1; i < results; i += 2)
        EXPECT_EQ(w.of_results[row][i], (row % 2 == 0 ? 1 : -1) * w.of_results[row][i + 1]);
  }
}

TEST(Winograd, LeavesAQuarterOfTheProducts) {
  const auto left = [](const char* steps) {
    return macs_left(Problem::parse("1x8x8x4 | conv 3x3 5 p0"), parse_schedule(steps));
  };
  EXPECT_EQ(left(""), 36 * 9 * 20);
  EXPECT_EQ(left("w: winograd 4 tiles"), 36 * 9 * 20 / 4);
  EXPECT_EQ(left("w: winograd 2 tiles"), 36 * 4 * 20);
}

TEST(Winograd, WeightsAreTransformedBeforeTheyArePacked) {
  const Problem problem = Problem::parse("1x5x5x2 | conv 3x3 3");
  const TensorSpec& spec = problem.tensors()[1];
  std::vector<float> dense(spec.elements());
  std::iota(dense.begin(), dense.end(), 1.f);
  const Winograd& w = *find_winograd(4);
  const auto packed =
      numbers_of<float>(lay_out(spec, parse_schedule("w: winograd 4 tiles\nw: pack c 2"), dense));
  ASSERT_EQ(packed.size(), 2u * 2 * 36 * 2);  // c%2 k kx ky c/2
  for (int c = 0; c < 3; ++c)
    for (int k = 0; k < 2; ++k)
      for (int v = 0; v < 6; ++v)
        for (int u = 0; u < 6; ++u) {
          double sum = 0;
          for (int y = 0; y < 3; ++y)
            for (int x = 0; x < 3; ++x)
              sum += w.of_weights[v][y] * w.of_weights[u][x] * dense[c + 3 * (k + 2 * (x + 3 * y))];
          EXPECT_FLOAT_EQ(packed[c % 2 + 2 * (k + 2 * (u + 6 * (v + 6 * (c / 2))))], sum);
        }
}

TEST(Winograd, IsRefusedWhereWeightsAreOthers) {
  const auto refused = [](const char* line, const char* steps, const char* part) {
    try {
      layouts(Problem::parse(line), parse_schedule(steps));
    } catch (const Error& e) {
      return std::string(e.what()).find(part) != std::string::npos ? "" : e.what();
    }
    return "nothing is refused";
  };
  EXPECT_STREQ(refused("1x5x5x2 | conv 3x3 3", "w: winograd 3 tiles", "2 x 2 or 4 x 4"), "");
  EXPECT_STREQ(refused("1x5x5x2 | conv 5x5 3", "w: winograd 4 tiles", "no weight of windows"), "");
  EXPECT_STREQ(refused("bf16 1x5x5x2 | conv 3x3 3", "w: winograd 4 tiles", "in f32"), "");
  EXPECT_STREQ(refused("1x5x5x2 | conv 3x3 3", "w: pack c 2\nw: winograd 4 tiles", "laid out"), "");
  EXPECT_STREQ(refused("1x5x5x2 | conv 3x3 3", "b: winograd 4 tiles", "no weight"), "");
}

}  // namespace
}  // namespace halcyon
