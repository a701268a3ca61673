#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "results/document/sample_network.h"
#include "results/figures/network_summary.h"
#include "results/table/table.h"
#include "results/text/columns.h"
#include "results/text/format.h"

namespace halcyon {

extern const Table losses_table;

namespace {

std::string loss_table(const Document& d, int columns) {
  return losses_table.render(d, {.columns = columns, .explain = true});
}

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

TEST(LossTable, FitsTheTerminal) {
  for (int columns : {80, 100, 120, 200})
    for (const std::string& line : lines_of(loss_table(network_document(), columns)))
      EXPECT_LE(width_of(line), columns) << line;
}

TEST(LossTable, CausesOfTheWholeAddUpToItsLoss) {
  const Document d = one_network();
  const NetworkPart whole = whole_of(d.networks[0]);
  double ns = 0, lost = 0;
  for (const NetworkCall& c : d.networks[0].calls) {
    ns += c.time->median_ns;
    lost += c.time->median_ns - c.least_ns();
  }
  EXPECT_NEAR(whole.loss_ns(), lost, 1e-6 * lost);
  ASSERT_EQ(whole.losses.size(), std::size(kLossCauses));
  const std::string line = line_with(loss_table(d, 200), "whole run");
  for (const TimeLoss& g : whole.losses) {
    const std::string share = g.ns > 0 ? fixed(100 * g.ns / ns, 1) : "-";
    EXPECT_NE(line.find(" " + share), std::string::npos) << g.cause << line;
  }
  EXPECT_NE(line.find(" " + fixed(100 * lost / ns, 1)), std::string::npos) << line;
}

TEST(LossTable, TheGreatestLossStandsFirst) {
  const Document d = one_network();
  const auto lines = lines_of(loss_table(d, 200));
  const auto layers = layers_of(d.networks[0]);
  const auto widest = std::max_element(
      layers.begin(), layers.end(),
      [](const NetworkPart& a, const NetworkPart& b) { return a.loss_ns() < b.loss_ns(); });
  const auto head = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("layer, ");
  });
  ASSERT_NE(head, lines.end());
  EXPECT_TRUE(head[1].starts_with(widest->name)) << head[1];
}

TEST(LossTable, WithoutLossesThereIsNone) {
  Document d = one_network();
  d.networks[0].calls[3].losses.reset();  // a sum of some would hide the others
  EXPECT_EQ(loss_table(d, 120), "");
  d.networks = {counted_network("henet_tinym", d), failed_network("resnet18", d)};
  EXPECT_EQ(loss_table(d, 120), "");
}

}  // namespace
}  // namespace halcyon
