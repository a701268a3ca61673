#include "results/text/html.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace halcyon {
namespace {

TEST(Html, EscapesWhatWouldBeMarkup) {
  EXPECT_EQ(text("a<b> & \"c\" 'd'").string(), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
  EXPECT_EQ(text("µs ✓ 漢 😀\n\t").string(), "µs ✓ 漢 😀\n\t");
}

TEST(Html, ShowsWhatWouldHideOrReorderText) {
  const std::string mark = "\xef\xbf\xbd";
  EXPECT_EQ(text(std::string("a\0b", 3)).string(), "a" + mark + "b");
  EXPECT_EQ(text("\x1b[2J\x7f").string(), mark + "[2J" + mark);
  EXPECT_EQ(text("\u0085\u202e\u2066\u200f\u2028\ufeff").string(),
            mark + mark + mark + mark + mark + mark);
}

/// Catches a decoder that takes an overlong '<', a surrogate, or a cut character for a good one.
TEST(Html, ReplacesBrokenUtf8ByteByByte) {
  const std::string mark = "\xef\xbf\xbd";
  EXPECT_EQ(text("\xc0\xbc!").string(), mark + mark + "!");
  EXPECT_EQ(text("\xed\xa0\x80!").string(), mark + mark + mark + "!");
  EXPECT_EQ(text("\xe2\x82").string(), mark + mark);
  EXPECT_EQ(text("\xf4\x90\x80\x80!").string(), mark + mark + mark + mark + "!");
  EXPECT_EQ(text("\xff<").string(), mark + "&lt;");
}

TEST(Html, ElementsNestAndEscapeTheirAttributes) {
  const Markup inner = element("b", {}, text("1 < 2"));
  EXPECT_EQ(element("a", {{"href", "#x\" onclick=\"y"}, {"title", "'"}}, inner).string(),
            "<a href=\"#x&quot; onclick=&quot;y\" title=\"&#39;\"><b>1 &lt; 2</b></a>");
  EXPECT_EQ(element("meta", {{"charset", "utf-8"}}).string(), "<meta charset=\"utf-8\">");
}

TEST(Html, JsonBlockCannotEndItselfAndReadsBackTheSame) {
  const nlohmann::json value = {"</script><!--", "a & b", "\u2028\u2029", "\\u003c"};
  const std::string block = json_block("id", value.dump()).string();
  const std::string open = "<script type=\"application/json\" id=\"id\">", close = "</script>";
  ASSERT_TRUE(block.starts_with(open) && block.ends_with(close));
  const std::string inside = block.substr(open.size(), block.size() - open.size() - close.size());
  EXPECT_EQ(inside.find_first_of("<>&"), std::string::npos);
  EXPECT_EQ(inside.find("\u2028"), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(inside), value);
}

}  // namespace
}  // namespace halcyon
