#include "suites/cases/class_of.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace halcyon {
namespace {

TEST(ClassOf, ReadsTheTable) {
  const std::pair<const char*, const char*> rows[] = {
      {"1x14x14x80 | pw 480", "pointwise, K >= 80"},
      {"1x14x14x79 | pw 480", "pointwise, K 24 to 79"},
      {"1x14x14x24 | pw 480", "pointwise, K 24 to 79"},
      {"1x112x112x23 | pw 64 gelu", "pointwise, K < 24"},
      {"1x28x28x128 | pw 256 g2", "grouped pointwise"},
      {"1x56x56x64 | dw 3x3", "depthwise 3x3 s1, maps of 56 and up"},
      {"1x55x56x64 | dw 3x3", "depthwise 3x3 s1, maps under 56"},
      {"1x28x28x64 | dw 5x5 relu", "depthwise 5x5 s1"},
      {"1x14x14x192 | dw 1x5", "depthwise (1,5)"},
      {"1x14x14x192 | dw 5x1", "depthwise (5,1)"},
      {"1x14x14x192 | dw 7x7", "depthwise 7x7 s1"},
      {"1x14x14x192 | dw 3x3 s2", "depthwise 3x3 s2"},
      {"1x14x14x192 | dw 5x5 s2", "depthwise 5x5 s2"},
      {"1x14x14x192 | dw 3x3 s1x2", "depthwise, other"},
      {"1x14x14x192 | dw 3x3 d2", "depthwise, other"},
      {"1x224x224x3 | conv 3x3 16 s2", "stem 3x3 s2"},
      {"1x224x224x4 | conv 3x3 16 s2", "dense conv"},
      {"1x56x56x64 | conv 2x2 128 s2", "2x2 s2 conv"},
      {"1x56x56x64 | conv 1x1 64", "dense conv"},
      {"1x1x1x64 | linear 10", "linear"},
      {"1x7x7x64 | se 16 relu sigmoid", "squeeze-and-excite"},
      {"1x8x8x64 | s2d 2", "space-to-depth"},
      {"1x8x8x64 | hardswish", "element-wise"},
      {"1x8x8x64 | add", "element-wise"},
      {"1x8x8x64 | maxpool 2x2 s2", "max pooling"},
      {"1x8x8x64 | gap", "global average"},
      {"1x8x8x64 | upsample2x", "upsampling"},
      {"1x8x8x64 | tokensum", "token sum"},
      {"1x8x8x64 | to i8", "conversion"},
      {"1x56x56x64 | dw 3x3 | pw 128 gelu | pw 64 skip", "DWCB"},
      {"1x28x28x128 | dw 3x3 | pw 256 g2 gelu | pw 128 skip", "GroupDWCB"},
      {"1x14x14x192 | dw 1x5 | pw 384 gelu | pw 192 skip", "AltDWCB"},
      {"1x14x14x192 | dw 5x1 | pw 384 gelu | pw 192 skip", "AltDWCB"},
      {"1x14x14x192 | dw 3x3 | pw 384 gelu | pw 192", "other chain"},  // no residual
      {"1x56x56x64 | s2d 2 | pw 128", "S2DDown"},
      {"1x56x56x24 | pw 72 relu | dw 3x3 relu | pw 24 skip", "inverted residual"},
      {"1x14x14x80 | pw 480 hardswish | dw 3x3 hardswish | se 120 relu hardsigmoid | pw 112",
       "inverted residual with SE"},
      {"1x112x112x32 | dw 3x3 silu | se 8 silu sigmoid | pw 16", "inverted residual with SE"},
      {"1x8x8x64 | pw 8 | pw 8", "other chain"}};
  const std::vector<std::string> names = class_names();
  for (const auto& [line, name] : rows) {
    EXPECT_EQ(class_of(Problem::parse(line)), name) << line;
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  }
}

TEST(ClassOf, NamesAreUnique) {
  const std::vector<std::string> names = class_names();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

}  // namespace
}  // namespace halcyon
