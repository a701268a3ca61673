#include <gtest/gtest.h>

#include <sstream>

#include "results/document/sample_network.h"
#include "results/figures/network_alone.h"
#include "results/figures/network_summary.h"
#include "results/table/table.h"
#include "results/text/columns.h"
#include "results/text/format.h"

namespace halcyon {

extern const Table networks_table;

namespace {

std::string network_table(const Document& d, bool colour, int columns) {
  return networks_table.render(d, {.columns = columns, .colour = colour});
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}
std::string line_with(const std::string& text, const std::string& begin) {
  for (const std::string& line : lines_of(text))
    if (line.starts_with(begin)) return line;
  return "";
}

TEST(NetworkTable, FitsTheTerminal) {
  Document d = network_document();
  d.networks.push_back(counted_network("henet_tinym", d));
  for (NetworkRecord& n : d.networks) n.peers.reset();  // whose table has the columns that it has
  for (int columns : {60, 80, 132, 200})
    for (const std::string& line : lines_of(network_table(d, false, columns)))
      EXPECT_LE(width_of(line), columns) << line;
}

TEST(NetworkTable, BarsStandApartFromWords) {
  const Document d = network_document();
  const std::string block = "█";
  int bars = 0;
  for (const std::string& line : lines_of(network_table(d, false, 120))) {
    const std::size_t begin = line.find(block);
    if (begin == line.npos || begin == 0) continue;
    bars++;
    EXPECT_EQ(line[begin - 1], ' ') << line;
  }
  EXPECT_GT(bars, 4);
}

TEST(NetworkTable, AWideTerminalHasWholeNames) {
  Document d = network_document();
  d.networks.resize(1);
  d.networks[0].calls[0].stage = std::string(70, 's');
  EXPECT_NE(network_table(d, false, 160).find(std::string(70, 's') + " "), std::string::npos);
}

TEST(NetworkTable, EqualLayersStandTogetherWithTheirSumAndShare) {
  const Document d = network_document();
  const NetworkRecord& r = d.networks[0];
  const auto layers = layers_of(r);
  ASSERT_EQ(layers.size(), 8u);
  EXPECT_EQ(layers[2].calls, 2);
  EXPECT_EQ(layers[2].ns, r.calls[2].time->median_ns + r.calls[5].time->median_ns);
  EXPECT_EQ(layers[2].macs, 2 * r.calls[2].macs);
  // Twice the same work at 55 and at 60 percent: the harmonic mean.
  EXPECT_NEAR(layers[2].percent_of_peak, 2 / (1 / 55.0 + 1 / 60.0), 1e-9);
  const std::string line = line_with(network_table(d, false, 120), "1x56x56x64 | dw 3x3 ");
  for (const std::string& words : {std::string(" 2 "), figure_text(layers[2].ns, "ns"),
                                   percent_text(100 * layers[2].share), std::string("57.4 %")})
    EXPECT_NE(line.find(words), std::string::npos) << line;
  const auto stages = stages_of(r);
  ASSERT_EQ(stages.size(), 4u);
  EXPECT_EQ(stages[1].calls, 5);
  double share = 0;
  for (const NetworkPart& stage : stages) share += stage.share;
  EXPECT_NEAR(share, 1, 1e-12);
}

TEST(NetworkTable, TheWholeStandsAgainstTheSumOfItsCallsAlone) {
  Document d = network_document();
  d.networks.resize(1);
  const std::string text = network_table(d, false, 120);
  EXPECT_NE(text.find(alone_text(d.networks[0])), std::string::npos) << text;
  EXPECT_NE(line_with(text, "layer, ").find(" alone "), std::string::npos);
  const NetworkPart layer = layers_of(d.networks[0])[1];
  EXPECT_NE(line_with(text, layer.name).find(" " + percent_text(layer.alone_percent) + " "),
            std::string::npos);
  // Without arithmetic there is no percentage: its time.
  EXPECT_NE(line_with(text, "1x28x28x128 | gap").find(figure_text(0.97 * 5000, "ns")),
            std::string::npos);
  for (NetworkCall& c : d.networks[0].calls) c.alone.reset();
  EXPECT_EQ(network_table(d, false, 120).find("alone"), std::string::npos);
}

TEST(NetworkTable, FailuresHaveAReasonAndNoFigure) {
  Document d = network_document();
  d.networks = {failed_network("resnet18", d)};
  const std::string text = network_table(d, false, 100);
  EXPECT_NE(text.find("wrong: out(0, 0, 6)"), std::string::npos);
  EXPECT_EQ(text.find(" of peak"), std::string::npos);
  EXPECT_EQ(text.find(" samples"), std::string::npos);
}

TEST(NetworkTable, CountsAreNoTimes) {
  Document d = network_document();
  d.networks = {counted_network("henet_tinym", d)};
  const std::string text = network_table(d, false, 100);
  EXPECT_NE(text.find("per least FMLA"), std::string::npos);
  for (const char* unit : {" ms", " µs", " ns", "of peak"})
    EXPECT_EQ(text.find(unit), std::string::npos) << unit;
}

}  // namespace
}  // namespace halcyon
