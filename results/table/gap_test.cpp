#include "results/table/gap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "results/document/sample_network.h"
#include "results/figures/network_summary.h"
#include "results/text/columns.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}
std::string line_with(const std::string& text, const std::string& begin) {
  for (const std::string& line : lines_of(text))
    if (line.starts_with(begin)) return line;
  return "";
}
Document one_network() {
  Document d = network_document();
  d.networks.resize(1);
  return d;
}

TEST(GapTable, FitsTheTerminal) {
  for (int columns : {80, 100, 120, 200})
    for (const std::string& line : lines_of(gap_table(network_document(), columns)))
      EXPECT_LE(width_of(line), columns) << line;
}

TEST(GapTable, CausesOfTheWholeAddUpToItsGap) {
  const Document d = one_network();
  const NetworkPart whole = whole_of(d.networks[0]);
  double ns = 0, gap = 0;
  for (const NetworkCall& c : d.networks[0].calls) {
    ns += c.time->median_ns;
    gap += c.time->median_ns - c.least_ns();
  }
  EXPECT_NEAR(whole.gap_ns(), gap, 1e-6 * gap);
  ASSERT_EQ(whole.gaps.size(), std::size(kGapCauses));
  const std::string line = line_with(gap_table(d, 200), "whole run");
  for (const GapCause& g : whole.gaps) {
    const std::string share = g.ns > 0 ? fixed(100 * g.ns / ns, 1) : "-";
    EXPECT_NE(line.find(" " + share), std::string::npos) << g.cause << line;
  }
  EXPECT_NE(line.find(" " + fixed(100 * gap / ns, 1)), std::string::npos) << line;
}

TEST(GapTable, TheWidestGapStandsFirst) {
  const Document d = one_network();
  const auto lines = lines_of(gap_table(d, 200));
  const auto layers = layers_of(d.networks[0]);
  const auto widest = std::max_element(
      layers.begin(), layers.end(),
      [](const NetworkPart& a, const NetworkPart& b) { return a.gap_ns() < b.gap_ns(); });
  const auto head = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("layer, ");
  });
  ASSERT_NE(head, lines.end());
  EXPECT_TRUE(head[1].starts_with(widest->name)) << head[1];
}

TEST(GapTable, WithoutGapsThereIsNone) {
  Document d = one_network();
  d.networks[0].calls[3].gaps.reset();  // a sum of some would hide the others
  EXPECT_EQ(gap_table(d, 120), "");
  d.networks = {counted_network("henet_tinym", d), failed_network("resnet18", d)};
  EXPECT_EQ(gap_table(d, 120), "");
}

}  // namespace
}  // namespace halcyon
