#include "results/figures/precision.h"

#include <gtest/gtest.h>

#include "results/document/sample_document.h"
#include "results/table/table.h"

namespace halcyon {

extern const Table precision_table;

namespace {

TEST(Precision, IsF32OverTheSameCaseByItsClassInF32) {
  const Document d = in_i8(sample_document(), 3);
  const auto means = precision_means(against_f32(d));
  ASSERT_EQ(means.size(), 1u);
  EXPECT_EQ(means[0].dtype, "i8");
  EXPECT_EQ(means[0].kernel_class, d.records[0].kernel_class);
  EXPECT_NEAR(means[0].ratio.estimate, 3, 0.01);
  EXPECT_EQ(means[0].slowest, means[0].ratio.estimate);
  EXPECT_NE(precision_table.render(d, {}).find("i8 " + d.records[0].kernel_class),
            std::string::npos);
}

TEST(Precision, OtherWorkAndOtherStatesAreNoPartners) {
  Document d = in_i8(sample_document(), 3);
  d.records[0].state = CacheState::cold;
  EXPECT_TRUE(against_f32(d).empty());
  d = in_i8(sample_document(), 3);
  d.records[0].problem += " relu";
  EXPECT_TRUE(against_f32(d).empty());
  EXPECT_FALSE(precision_table.applies(sample_document(), {}));
}

}  // namespace
}  // namespace halcyon
