#include "suites/runner/check/trust.h"

#include <gtest/gtest.h>

#include <vector>

namespace halcyon {
namespace {

std::optional<std::string> mistrust_of(const std::vector<std::vector<float>>& sets) {
  const std::vector<TensorView> views(sets.begin(), sets.end());
  return mistrust(views);
}

TEST(Mistrust, AConstantReferenceProvesNothing) {
  EXPECT_EQ(mistrust_of({{0, 0, 0}, {0, 0, 0}}), "is 0 everywhere");
  EXPECT_EQ(mistrust_of({{2.5f, 2.5f}, {2.5f, 2.5f}}), "is 2.5 everywhere");
}

TEST(Mistrust, NearlyAllZerosProveNothing) {
  std::vector<float> values(1000);
  for (int i = 0; i < 19; i++) values[i * 50] = 1;
  EXPECT_EQ(mistrust_of({values}), "has only 19 values of 1000 that are not zero");
  values[999] = 1;
  EXPECT_EQ(mistrust_of({values}), std::nullopt);
}

TEST(Mistrust, OneSetThatVariesIsEnough) {  // a saturating set may be constant
  EXPECT_EQ(mistrust_of({{1, 2, 3}, {6, 6, 6}}), std::nullopt);
  EXPECT_EQ(mistrust_of({{0, 0, 0, 1}, {0, 0, 0, 0}}), std::nullopt);
}

TEST(Mistrust, OneElementVariesBetweenSets) {  // 1x1x1x1 outputs exist
  EXPECT_EQ(mistrust_of({{0.3f}, {0.7f}}), std::nullopt);
  EXPECT_EQ(mistrust_of({{0}, {0}}), "is 0 everywhere");
}

}  // namespace
}  // namespace halcyon
