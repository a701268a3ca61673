#include <gtest/gtest.h>

#include <sstream>

#include "results/document/sample_network.h"
#include "results/figures/network_summary.h"
#include "results/table/table.h"
#include "results/text/columns.h"

namespace halcyon {

extern const Table network_comparison_table;

namespace {

std::string comparison(const Document& d, int columns = 160) {
  return network_comparison_table.render(d, {.columns = columns});
}
std::string line_with(const std::string& text, const std::string& begin) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(begin)) return line;
  return "";
}
Document on_host_and_board() {
  Document d = network_document();
  d.networks.push_back(counted_network("henet_tinye", d));
  return d;
}

TEST(NetworkComparison, FitsTheTerminal) {
  for (int columns : {60, 80, 200}) {
    std::istringstream text(comparison(on_host_and_board(), columns));
    for (std::string line; std::getline(text, line);) EXPECT_LE(width_of(line), columns) << line;
  }
}

TEST(NetworkComparison, UnitsTargetsAndVendorsAreNeverMixed) {
  const std::string text = comparison(on_host_and_board());
  const std::size_t counts = text.find("j6m"), vendor = text.find("the vendor's BPU");
  ASSERT_NE(counts, std::string::npos);
  ASSERT_NE(vendor, std::string::npos);
  EXPECT_LT(text.find("mobilenet_v3_large"), counts);
  EXPECT_EQ(text.substr(counts, vendor - counts).find(" ms"), std::string::npos);
  EXPECT_EQ(text.find("MapTR"), text.find("MapTR", vendor));
  EXPECT_NE(line_with(text, "henet_tinye").find("77.6 % at 224, model card"), std::string::npos);
  EXPECT_NE(line_with(text, "resnet18").find("wrong"), std::string::npos);
}

TEST(NetworkComparison, TheVendorsFiguresStandOnlyBesideItsChips) {
  const Document host = network_document();
  ASSERT_TRUE(host.published);
  const std::string text = comparison(host);
  EXPECT_NE(text, "");
  EXPECT_EQ(text.find("BPU"), std::string::npos) << text;
}

TEST(NetworkComparison, CpusOfOneBrandHaveTablesOfTheirOwn) {
  Document a = network_document(), b = a;
  const auto groups = [&] { return network_groups({&a, &b}).size(); };
  const std::size_t one = groups();
  b.machine.family = 26, b.machine.model = 2;
  EXPECT_EQ(groups(), 2 * one);
  EXPECT_NE(comparison(a).find("AuthenticAMD 25/17"), std::string::npos);
  EXPECT_NE(comparison(b).find("AuthenticAMD 26/2"), std::string::npos);
  a.machine.family = b.machine.family = 0;
  EXPECT_EQ(groups(), 2 * one) << "neither says what it is";
}

TEST(NetworkComparison, OfTheVendorEachFigureOnce) {
  const Document a = network_document(), b = a;
  EXPECT_EQ(published_by({&a, &b}).vendor_figures, a.published->vendor_figures);
}

TEST(NetworkComparison, IsOfTwoNetworksOrMore) {
  Document d = network_document();
  EXPECT_TRUE(network_comparison_table.applies(d, {}));
  d.networks.resize(1);
  EXPECT_FALSE(network_comparison_table.applies(d, {}));
}

}  // namespace
}  // namespace halcyon
