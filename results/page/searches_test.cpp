#include <gtest/gtest.h>

#include "results/document/sample_document.h"
#include "results/page/page.h"
#include "results/page/page_reader.h"

namespace halcyon {
namespace {

/// Twelve trials of one problem; the seventh is the best, two have no time.
Document search() {
  Document d = sample_document();
  const Record first = d.records[0];
  d.records.clear();
  for (int i = 0; i < 12; ++i) {
    Record r = first;
    r.id = sha256_hex(std::to_string(i)).substr(0, 16);
    r.point = {{"tile_c", i % 3 ? 16 : 8}, {"tile_x", i % 4}};
    for (Sample& s : r.samples) s.ns *= i == 6 ? 2 : 4;
    r.statistics = statistics_of(r.samples, r.mac_counts());
    if (i == 2 || i == 9) {
      r.outcome = Outcome::pruned;
      r.samples.clear(), r.rejected.reset(), r.statistics.reset();
    }
    d.records.push_back(r);
  }
  return d;
}

TEST(SearchPage, ShowsTheBestSoFarAndEveryKnob) {
  const std::string html = page({search()});
  EXPECT_NE(html.find("at trial 7 of 12"), std::string::npos);
  std::vector<std::string> best;
  int knobs = 0;
  for (const PageTag& tag : tags_of(html)) {
    const auto found = tag.attributes.find("class");
    if (found == tag.attributes.end()) continue;
    if (tag.name == "path" && found->second == "best") best.push_back(tag.attributes.at("d"));
    knobs += found->second == "knob";
  }
  // Half of the best until the seventh trial: 50 % is 50 / 80 of the way down.
  EXPECT_EQ(best, std::vector<std::string>{"M1.0 61.5H54.5V4.0H99.0"});
  EXPECT_EQ(knobs, 2);
}

TEST(SearchPage, ARunOfSuitesHasNone) {
  EXPECT_EQ(page({sample_document()}).find("class=\"searches\""), std::string::npos);
}

}  // namespace
}  // namespace halcyon
