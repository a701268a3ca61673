#include "results/text/markdown.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

TEST(Markdown, ShowsTextAsItStands) {
  EXPECT_EQ(markdown_text("a|b `c` <d> *e* [f](g) \\h\n"),
            "a\\|b \\`c\\` \\<d\\> \\*e\\* \\[f\\](g) \\\\h?");
  EXPECT_EQ(markdown_row({"1x7x7x16 | pw 24", ""}), "| 1x7x7x16 \\| pw 24 |  |\n");
}

}  // namespace
}  // namespace halcyon
