#include "suites/meters/kernel_ranges.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

TEST(KernelRanges, TakesTheKernelAndItsParallelLoopsOnly) {
  const std::string nm =
      "0000000000400100 0000000000000040 T halcyon_ab\n"
      "0000000000400140 0000000000000010 T halcyon_ab_argv\n"
      "0000000000400150 0000000000000010 T halcyon_ab_metadata\n"
      "0000000000400160 0000000000000020 t halcyon_ab_par_for_out_s0_h\n"
      "0000000000400180 0000000000000020 T halcyon_abc\n"  // a longer name is another kernel
      "00000000004001a0 0000000000000008 D halcyon_ab\n"   // data
      "00000000004001b0 T halcyon_ab\n"                    // without a size
      "                 U halcyon_ab\n";
  EXPECT_EQ(kernel_ranges(nm, {"halcyon_ab"}), "400100 400140 0\n400160 400180 0\n");
  EXPECT_EQ(kernel_ranges(nm, {"halcyon_b"}), "");
}

TEST(KernelRanges, SayWhichKernelTheyAreOf) {
  const std::string nm =
      "0000000000400100 0000000000000040 T halcyon_ab\n"
      "0000000000400180 0000000000000020 T halcyon_abc\n"
      "00000000004001a0 0000000000000010 t halcyon_abc_par_for_out_s0_h\n";
  EXPECT_EQ(kernel_ranges(nm, {"halcyon_abc", "halcyon_ab"}),
            "400100 400140 1\n400180 4001a0 0\n4001a0 4001b0 0\n");
}

}  // namespace
}  // namespace halcyon
