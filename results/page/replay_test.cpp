// The page of a replay: what must be on it, and what data must not be able to change.
#include "results/page/replay.h"

#include <gtest/gtest.h>

#include "results/page/page_reader.h"
#include "results/table/replay.h"

namespace halcyon {
namespace {

/// 3 x 3 points of two knobs that matter and one that has a single value: figures 100 to 180, one
/// without; the start is the second best. Two strategies over two seeds each.
ReplayedSpace sample_space() {
  ReplayedSpace s{.problem = "1x7x7x16 | pw 24",
                  .target = "x86-avx2",
                  .unit = "ns",
                  .knobs = {"tile_x", "only", "tile_c"},
                  .start = 1,
                  .optimum = 100,
                  .most_trials = 400};
  for (int x : {1, 2, 4})
    for (int c : {8, 16, 32})
      s.points.push_back({{x, 7, c}, 100.0 + 5 * (x - 1) * x + (c == 8 ? 0 : c)});
  s.points[1].figure = 110;
  s.points[4].figure.reset();
  s.by_strategy = {{"clever", {2, 3}, {3, 401}, {{90, 100}, {90, 90, 98}}},
                   {"plain", {3, 3}, {401, 401}, {{0, 50, 96}, {40, 60, 96}}}};
  return s;
}

std::string html_of(const std::vector<ReplayedSpace>& spaces) {
  return replay_page(spaces, "halcyon tune --replay x.json", toolchain());
}

std::vector<PageTag> of_class(const std::string& html, const std::string& name,
                              const std::string& css_class) {
  std::vector<PageTag> found;
  for (const PageTag& tag : with(tags_of(html), name, "class"))
    if (tag.attributes.at("class") == css_class) found.push_back(tag);
  return found;
}

TEST(ReplayPage, HasTheRowsOfTheTerminalsTable) {
  const ReplayedSpace s = sample_space();
  const std::string html = html_of({s}), table = replay_table({s});
  const auto tables = of_class(html, "table", "replay");
  ASSERT_EQ(tables.size(), 1u);
  const std::string shown = content(html, tables[0]);
  for (const auto& row : replay_rows(s))
    for (const std::string& cell : row) {
      EXPECT_NE(shown.find(">" + cell + "<"), std::string::npos) << cell;
      EXPECT_NE(table.find(cell), std::string::npos) << cell;
    }
  EXPECT_NE(shown.find("over 400"), std::string::npos);
  EXPECT_NE(html.find(space_text(s)), std::string::npos);
  EXPECT_EQ(of_class(html_of({s, s}), "table", "replay").size(), 3u) << "one over all";
}

TEST(ReplayPage, DrawsEveryStrategyAsMedianAndBandBeforeTheOthers) {
  const std::string html = html_of({sample_space()});
  const auto best = of_class(html, "path", "best");
  ASSERT_EQ(best.size(), 3u) << "two strategies and the space in order";
  // 3 trials, logarithmic; medians 90, 95, 99 (a seed that has ended stays where it was).
  EXPECT_EQ(best[0].attributes.at("d"), "M0.0 22.4H63.1V13.2H100.0V5.8H100.0");
  EXPECT_EQ(of_class(html, "path", "band").size(), 2u);
  EXPECT_EQ(of_class(html, "path", "other").size(), 2u);
  int levels = 0;  // 95 and 99 %
  for (const PageTag& picture : of_class(html, "svg", "reach"))
    for (std::size_t at = picture.begin; (at = html.find("class=\"full\"", at)) < picture.end; ++at)
      ++levels;
  EXPECT_EQ(levels, 4);
}

TEST(ReplayPage, ShowsTheTwoKnobsThatMatterAndWhereTheStartIs) {
  const std::string html = html_of({sample_space()});
  const auto heat = of_class(html, "table", "heat");
  ASSERT_EQ(heat.size(), 1u);
  const std::string table = content(html, heat[0]);
  // x = 4 costs 1.60 times the best whatever the other is; c = 16 and 32 at least 1.10 and 1.32.
  EXPECT_EQ(words(table), "tile_x ╲ tile_c8163211009075290–704625652");
  EXPECT_NE(html.find("tile_x 1.60×, tile_c 1.32×."), std::string::npos);
  EXPECT_NE(table.find("class=\"n heat-10\">100<"), std::string::npos);
  EXPECT_NE(table.find("class=\"n heat-9 start\">90<"), std::string::npos);
  EXPECT_NE(table.find("class=\"n none\">–<"), std::string::npos);
  EXPECT_NE(html.find("the start, 1.10×"), std::string::npos);
  EXPECT_NE(html.find("the start is number 2 of 9; hatched"), std::string::npos);
}

TEST(ReplayPage, SpacesWithoutAChoiceHaveNoHeatMap) {
  ReplayedSpace one_point = sample_space(), one_knob = sample_space();
  one_point.points.resize(1);
  one_point.start = 0;
  for (auto& p : one_knob.points) p.values[2] = 8;
  for (const ReplayedSpace& s : {one_point, one_knob}) {
    const std::string html = html_of({s});
    EXPECT_TRUE(of_class(html, "table", "heat").empty());
    EXPECT_EQ(html.find("nan"), std::string::npos);
    EXPECT_EQ(html.find("inf"), std::string::npos);
  }
}

TEST(ReplayPage, StandsAloneWithoutScript) {
  const std::string html = html_of({sample_space(), sample_space()});
  for (const PageTag& tag : tags_of(html)) {
    EXPECT_NE(tag.name, "script");
    for (const auto& [key, value] : tag.attributes) {
      EXPECT_TRUE(key != "src" && key != "style" && !key.starts_with("on")) << key;
      EXPECT_TRUE(key != "href" || value.starts_with("#mark-") || value.starts_with("data:image/"))
          << value;
    }
  }
  EXPECT_NE(html.find("script-src &#39;none&#39;"), std::string::npos);
}

TEST(ReplayPage, HostileNamesStayText) {
  const auto filled = [](const std::string& word) {
    ReplayedSpace s = sample_space();
    s.problem = s.target = s.unit = word;
    for (std::string& knob : s.knobs) knob = word;
    for (Replayed& r : s.by_strategy) r.strategy = word;
    Toolchain tools;
    tools.version = tools.commit = word;
    return structure(replay_page({s, s}, word, tools));
  };
  const std::string plain = filled("x");
  for (const char* payload :
       {"<script>alert(1)</script>", "</script><script>alert(1)</script>", "</code></h2><b>",
        "\"><img src=x onerror=alert(1)>", "\" onfocus=\"alert(1)\" autofocus=\"",
        "' onmouseover='alert(1)", "<!--", "]]>", "&lt;b&gt;", "</title><b>",
        "</svg><svg/onload=alert(1)>", "</style><style>*{display:none}", "\u202egnp.exe"})
    EXPECT_EQ(filled(payload), plain) << payload;
}

}  // namespace
}  // namespace halcyon
