#include "results/figures/precision.h"

#include <gtest/gtest.h>

#include "results/document/sample_document.h"
#include "results/table/table.h"

namespace halcyon {

extern const Table precision_table;

namespace {

/// A timed case of the sample, and the same in i8 at so many times its speed.
Document in_both(double speedup) {
  Document d = sample_document();
  const auto timed = std::find_if(d.records.begin(), d.records.end(), [](const Record& r) {
    return r.statistics && r.rival.empty() && !r.odd;
  });
  Record f32 = *timed, i8 = *timed;
  i8.dtype = "i8";
  i8.problem = "i8 " + f32.problem;
  i8.case_id += "-i8";
  i8.kernel_class = "i8 " + f32.kernel_class;
  for (Sample& s : i8.samples)
    s.ns = static_cast<std::int64_t>(static_cast<double>(s.ns) / speedup);
  i8.statistics->median_ns /= speedup;
  d.records = {f32, i8};
  return d;
}

TEST(Precision, IsF32OverTheSameCaseByItsClassInF32) {
  const Document d = in_both(3);
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
  Document d = in_both(3);
  d.records[0].state = CacheState::cold;
  EXPECT_TRUE(against_f32(d).empty());
  d = in_both(3);
  d.records[0].problem += " relu";
  EXPECT_TRUE(against_f32(d).empty());
  EXPECT_FALSE(precision_table.applies(sample_document(), {}));
}

}  // namespace
}  // namespace halcyon
