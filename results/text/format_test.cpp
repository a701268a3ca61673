#include "results/text/format.h"

#include <gtest/gtest.h>

#include <limits>

namespace halcyon {
namespace {

TEST(Format, KeepsSignificantDigits) {
  EXPECT_EQ(significant(12.345, 4), "12.35");
  EXPECT_EQ(significant(0.012345, 3), "0.0123");
  EXPECT_EQ(significant(12345, 3), "12345");   // digits before the point are never dropped
  EXPECT_EQ(significant(9.9996, 4), "10.00");  // rounding up must not add a digit
  EXPECT_EQ(significant(0, 4), "0");
  EXPECT_EQ(significant(3.84e-6, 2), "3.8e-06");
  EXPECT_EQ(significant(-2.5, 2), "-2.5");
}

TEST(Format, SaysNonFiniteInsteadOfFailing) {
  EXPECT_EQ(significant(std::numeric_limits<double>::infinity(), 3), "∞");
  EXPECT_EQ(significant(std::numeric_limits<double>::quiet_NaN(), 3), "NaN");
}

TEST(Format, FixedHasNoMinusZero) {
  EXPECT_EQ(fixed(-0.04, 1), "0.0");
  EXPECT_EQ(fixed(-0.06, 1), "-0.1");
  EXPECT_EQ(fixed(1e300, 0).size(), 301u);
}

TEST(Format, ScalesNanosecondsAndNothingElse) {
  EXPECT_EQ(figure_text(87.3, "ns"), "87.30 ns");
  EXPECT_EQ(figure_text(999.96, "ns"), "1000 ns");
  EXPECT_EQ(figure_text(12300, "ns"), "12.30 µs");
  EXPECT_EQ(figure_text(1.23e6, "ns"), "1.230 ms");
  EXPECT_EQ(figure_text(2.1e9, "ns"), "2.100 s");
  EXPECT_EQ(figure_text(1234567, "instructions"), "1\u202f234\u202f567 instructions");
  EXPECT_EQ(figure_text(999, "model_cycles"), "999 model_cycles");
}

TEST(Format, GroupsCountsAndScalesBytes) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(-1234), "-1\u202f234");
  EXPECT_EQ(count_text(-123), "-123");
  EXPECT_EQ(millions_text(954372352), "954.4 M");
  EXPECT_EQ(bytes_text(1023), "1023 B");
  EXPECT_EQ(bytes_text(49356.8), "48.2 KiB");
  EXPECT_EQ(bytes_text(3.0 * (1 << 20)), "3.00 MiB");
}

TEST(Format, PrintableLineCannotDriveATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb\n\x7f"), "a?[31mb??");
  EXPECT_EQ(printable("a\u009b31m µ"), "a?31m µ");
}

}  // namespace
}  // namespace halcyon
