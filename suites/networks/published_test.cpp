#include "suites/networks/published.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "results/files/temporary_folder.h"
#include "suites/networks/network.h"

namespace halcyon {
namespace {

const std::string kFile = HALCYON_SOURCE_DIR "/suites/published.json";
const std::string kFolder = HALCYON_SOURCE_DIR "/suites/networks";

TEST(Published, SpeaksOfNetworksThatThereAre) {
  const Published published = read_published(kFile);
  const std::vector<std::string> networks = network_names(kFolder);
  for (const PublishedAccuracy& a : published.accuracies)
    EXPECT_EQ(std::count(networks.begin(), networks.end(), a.network), 1) << a.network;
  for (const PublishedCounts& c : published.counts)
    EXPECT_EQ(std::count(networks.begin(), networks.end(), c.network), 1) << c.network;
}

/// Papers round to two digits, and B4's is 5 % under what its architecture counts to.
TEST(Published, CountsOfPapersAreOursRounded) {
  for (const PublishedCounts& c : read_published(kFile).counts) {
    const Graph graph = find_network(c.network, kFolder);
    EXPECT_NEAR(c.macs / static_cast<double>(macs_of(graph)), 1, 0.05) << c.network;
    EXPECT_NEAR(c.parameters / static_cast<double>(parameters_of(graph)), 1, 0.05) << c.network;
  }
}

TEST(Published, TheVendorsFiguresAreOfEachChip) {
  const Published published = read_published(kFile);
  for (const char* chip : {"J6M", "J6P", "J6B"})
    EXPECT_TRUE(std::any_of(
        published.vendor_figures.begin(), published.vendor_figures.end(),
        [&](const VendorFigure& f) { return f.chip == chip && f.model == "HENet_TinyE"; }))
        << chip;
}

TEST(Published, RefusesWhatItDoesNotKnow) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/published.json";
  const auto refusal = [&](auto change) {
    nlohmann::json json = nlohmann::json::parse(std::ifstream(kFile));
    change(json);
    std::ofstream(path) << json.dump();
    return refusal_or_none([&] { read_published(path); });
  };
  using Json = nlohmann::json;
  EXPECT_EQ(refusal([](Json&) {}), "");
  EXPECT_NE(refusal([](Json& j) {
              j["accuracies"][2]["top1_percent"] = 740;
            }).find("/accuracies/2/top1_percent: "),
            std::string::npos);
  EXPECT_NE(refusal([](Json& j) { j["counts"][0]["standing"] = "red"; }).find("'read'?"),
            std::string::npos);
  EXPECT_NE(refusal([](Json& j) {
              j["vendor_figures"][0].erase("source");
            }).find("/vendor_figures/0/source: missing"),
            std::string::npos);
  EXPECT_NE(refusal([](Json& j) { j["vendor_figures"][0]["speedup"] = 2; }).find("unknown key"),
            std::string::npos);
}

}  // namespace
}  // namespace halcyon
