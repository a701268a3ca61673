#include <gtest/gtest.h>

#include "results/document/sample_network.h"
#include "results/figures/network_alone.h"
#include "results/figures/network_summary.h"
#include "results/page/page.h"
#include "results/page/page_reader.h"
#include "results/text/format.h"
#include "results/text/html.h"

namespace halcyon {
namespace {

std::vector<std::string> tables(const std::string& html, const std::string& css_class) {
  std::vector<std::string> out;
  for (const PageTag& tag : with(tags_of(html), "table", "class"))
    if (tag.attributes.at("class").starts_with(css_class)) out.push_back(content(html, tag));
  return out;
}

Document counted() {
  Document d = network_document();
  d.run += "-counted";
  d.networks = {counted_network("henet_tinye", d)};
  return d;
}

/// Three blocks at one place, one of them failed.
Document study(FigureUnit unit) {
  Document d = sample_document();
  d.run += to_text(unit);
  std::vector<Record> blocks;
  for (const Record& r : d.records)
    if (r.case_id == "dwcb-56x56x64" || r.case_id == "conv2s2-56x56-64-128" ||
        r.case_id == "maxpool-112x112x64")
      blocks.push_back(r);
  for (Record& r : blocks) {
    r.suite = "block-study";
    if (r.macs == 0) r.macs = 1000;
    if (unit == FigureUnit::ns || r.outcome != Outcome::ok) continue;
    r.unit = unit, r.target = "j6m";
    r.samples.clear(), r.rejected.reset(), r.statistics.reset(), r.bound.reset();
    r.counts = Counts{.fmla = r.macs / 4, .load = r.macs / 4};
  }
  d.records = blocks;
  return d;
}

TEST(NetworkPage, IsWellFormedAndSaysWhatTheRecordsSay) {
  const Document d = network_document();
  const std::string html = page({d});
  EXPECT_FALSE(tags_of(html).empty());
  for (const char* none : {"nan", "inf%", "style=\""})
    EXPECT_EQ(html.find(none), std::string::npos) << none;
  const auto layers = tables(html, "layers");
  ASSERT_EQ(layers.size(), 7u);  // stages, layers, calls of two; calls of the failed one
  for (const NetworkPart& p : layers_of(d.networks[0])) {
    EXPECT_NE(layers[1].find(text(p.name).string()), std::string::npos) << p.name;
    EXPECT_NE(layers[1].find(figure_text(p.ns, "ns")), std::string::npos) << p.name;
    EXPECT_NE(layers[1].find(percent_text(100 * p.share)), std::string::npos) << p.name;
  }
  for (const NetworkCall& c : d.networks[0].calls)
    EXPECT_NE(layers[2].find(c.object_sha256.substr(0, 12)), std::string::npos) << c.name;
}

TEST(NetworkPage, EachCallIsAsWideAsItsShare) {
  Document d = network_document();
  d.networks.resize(1);
  const std::string html = page({d});
  double width = 0;
  int calls = 0;
  for (const PageTag& tag : with(tags_of(html), "rect", "class")) {
    if (tag.attributes.at("class") != "whole") continue;
    const std::string& words = tag.attributes.at("width");
    EXPECT_NEAR(std::stod(words), 100 * d.networks[0].calls.at(calls).share, 0.0051);
    width += std::stod(words);
    calls++;
  }
  EXPECT_EQ(calls, 10);
  EXPECT_NEAR(width, 100, 0.1);
}

TEST(NetworkPage, AStagesBarIsItsTimeByWhereItWent) {
  Document d = network_document();
  d.networks.resize(1);
  const std::string html = page({d});
  const auto found = tables(html, "gaps");
  ASSERT_EQ(found.size(), 1u);
  const NetworkPart whole = whole_of(d.networks[0]);
  EXPECT_NE(found[0].find("whole run"), std::string::npos);
  for (const TimeLoss& g : whole.losses) {
    const std::string share = g.ns > 0 ? percent_text(100 * g.ns / whole.ns) : "–";
    EXPECT_NE(found[0].find(share), std::string::npos) << g.cause;
  }
  const auto stages = stages_of(d.networks[0]);
  double most = 0, all = 0, width = 0;
  for (const NetworkPart& p : stages) most = std::max(most, p.ns), all += p.ns;
  for (const PageTag& tag : with(tags_of(html), "rect", "class")) {
    const std::string& css_class = tag.attributes.at("class");
    if (css_class.starts_with("gap-") && tag.attributes.at("height") == "64.00%")
      width += std::stod(tag.attributes.at("width"));
  }
  EXPECT_NEAR(width, 100 * all / most, 0.5);
  EXPECT_NE(html.find(text(alone_text(d.networks[0])).string()), std::string::npos);
  for (NetworkCall& c : d.networks[0].calls) c.losses.reset();
  EXPECT_TRUE(tables(page({d}), "gaps").empty());
}

TEST(NetworkPage, ASystemOfAnotherPrecisionIsMarked) {
  Document d = network_document();
  PeerComparison& peers = *d.networks[0].peers;
  EXPECT_EQ(peers.best, "litert");
  const auto beside = [&] {
    for (const std::string& table : tables(page({d}), "summary"))
      if (table.find("openvino_default") != std::string::npos) return table;
    return std::string();
  };
  const auto has = [](const std::string& html, const std::string& part) {
    EXPECT_NE(html.find(part), std::string::npos) << part << "\nin\n" << html;
  };
  for (const char* part : {"bf16", "0.004", "43.5 dB", "▼ 0.9", ", mixed precision", "118.5 dB"})
    has(beside(), part);
  has(page({d}), "ours computes in f32");
  EXPECT_EQ(beside().find("doubtful"), std::string::npos);
  peers.peers[3].sqnr_db = 4.5;
  peers = derived(peers, d.networks[0].mac_counts_of_batch());
  has(beside(), "doubtful: SQNR 4.5 dB, under 6.0 dB");
}

TEST(NetworkPage, AFailedNetworkHasItsReasonAndNoPicture) {
  Document d = network_document();
  d.networks = {failed_network("resnet18", d)};
  const std::string html = page({d});
  EXPECT_NE(html.find("out(0, 0, 6): error 0.4 of the range"), std::string::npos);
  EXPECT_NE(html.find("1 case failed."), std::string::npos);
  EXPECT_EQ(html.find("class=\"calls\""), std::string::npos);
}

TEST(NetworkPage, AnotherBuildIsNoPeer) {
  Document d = network_document();
  d.networks.resize(1);
  NetworkRecord& n = d.networks[0];
  const auto build = [&](const std::string& name) {
    PeerResult r{.name = name, .outcome = PeerOutcome::ok, .max_error = 1e-6};
    r.samples = n.samples;
    return r;
  };
  PeerComparison c{.error_tolerance = 1e-4, .own = build(kThisBuild)};
  c.peers = {build("build 0123456789ab")};
  n.peers = derived(c, n.mac_counts_of_batch());
  const std::string html = page({d});
  EXPECT_NE(html.find("Beside another build"), std::string::npos);
  EXPECT_NE(html.find("build 0123456789ab"), std::string::npos);
  for (const char* words : {"Beside other systems", "best peer"})
    EXPECT_EQ(html.find(words), std::string::npos) << words;
}

TEST(NetworkPage, RunsThatArePublishedTogetherKeepTheirUnitsApart) {
  const std::string html = page({network_document(), counted()});
  const auto beside = tables(html, "comparison");
  ASSERT_EQ(beside.size(), 2u);
  EXPECT_NE(beside[0].find("mobilenet_v3_large"), std::string::npos);
  EXPECT_NE(beside[1].find("figures in instructions"), std::string::npos);
  for (const char* unit : {" ms", " µs", "of peak"})
    EXPECT_EQ(beside[1].find(unit), std::string::npos) << unit;
  const auto vendors = tables(html, "vendor");
  ASSERT_EQ(vendors.size(), 2u);
  for (const std::string& table : beside) EXPECT_EQ(table.find("MapTR"), std::string::npos);
  EXPECT_NE(vendors[0].find("MapTR on HENet_TinyM"), std::string::npos);
  EXPECT_NE(vendors[0].find("second hand"), std::string::npos);
}

TEST(NetworkPage, BlocksOfHostAndBoardStandSideBySideEachInItsUnit) {
  const auto one = tables(page({study(FigureUnit::ns)}), "blocks");
  ASSERT_EQ(one.size(), 2u);  // 56x56x64, 112x112x64
  EXPECT_NE(one[0].find("ps a MAC"), std::string::npos);
  const Document host = study(FigureUnit::ns);
  const std::string html = page({host, study(FigureUnit::instructions)});
  const auto both = tables(html, "blocks");
  ASSERT_EQ(both.size(), 2u);
  for (const char* head : {"ps a MAC", ">a MAC<", "of peak", "per least FMLA"})
    EXPECT_NE(both[0].find(head), std::string::npos) << head;
  const Record& r = host.records.front();
  const double cost = 1000 * r.statistics->median_ns / static_cast<double>(r.macs);
  EXPECT_NE(both[0].find(">" + significant(cost, 3) + "<"), std::string::npos);
  EXPECT_NE(both[0].find(">0.500<"), std::string::npos);  // instructions a MAC
  EXPECT_NE(both[0].find(">2.00<"), std::string::npos);   // per least FMLA
  EXPECT_TRUE(tables(page({sample_document()}), "blocks").empty());
}

TEST(NetworkPage, HostileNamesStayText) {
  const auto filled = [](const std::string& word) {
    Document d = network_document();
    d.networks.push_back(counted_network("x", d));
    for (NetworkRecord& r : d.networks) {
      r.network = r.source = r.plan = r.input_nhwc = r.detail = r.repro = r.target = word;
      r.check.against = r.check.where = word;
      for (NetworkCall& c : r.calls) c.name = c.stage = c.schedule_source = c.kernel_class = word;
    }
    for (PublishedAccuracy& a : d.published->accuracies) a.network = a.what = a.source = word;
    for (VendorFigure& f : d.published->vendor_figures) f.model = f.chip = f.what = word;
    d.published->vendor_note = word;
    return structure(page({d}));
  };
  const std::string plain = filled("x");
  for (const char* payload : {"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
                              "</title></svg><b>", "' onmouseover='alert(1)"})
    EXPECT_EQ(filled(payload), plain) << payload;
}

}  // namespace
}  // namespace halcyon
