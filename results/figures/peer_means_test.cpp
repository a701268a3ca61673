#include "results/figures/peer_means.h"

#include <gtest/gtest.h>

#include <cmath>

#include "results/document/sample_peers.h"

namespace halcyon {
namespace {

const PeerMean& mean_of(const std::vector<PeerMean>& means, const std::string& kernel_class,
                        const std::string& peer) {
  const auto found = std::find_if(means.begin(), means.end(), [&](const PeerMean& m) {
    return m.kernel_class == kernel_class && m.peer == peer;
  });
  if (found == means.end()) throw std::runtime_error(kernel_class + ": " + peer);
  return *found;
}

TEST(PeerMeans, AreOfTheBestOfEachCaseThenOfEachSystem) {
  const Document d = peers_document();
  const auto cases = cases_with_peers(d.records);
  ASSERT_EQ(cases.size(), 3u);
  EXPECT_EQ(peers_of(cases), (std::vector<std::string>{"onednn", "onnxruntime", "litert"}));
  const auto means = peer_means(cases);
  const std::string& one = cases[0]->kernel_class;
  EXPECT_NEAR(mean_of(means, one, "").ratio.estimate, std::sqrt(1.5 * 1.25), 0.01);
  EXPECT_EQ(mean_of(means, one, "").cases, 2);
  EXPECT_NEAR(mean_of(means, one, "onednn").ratio.estimate, std::sqrt(1.5 * 2), 0.01);
  EXPECT_NEAR(mean_of(means, one, "onnxruntime").ratio.estimate, std::sqrt(4 * 1.25), 0.01);
  EXPECT_EQ(means.front().peer, "");
  EXPECT_EQ(means.back().kernel_class, "");
}

TEST(PeerMeans, LeaveOutOddCasesAndNameThoseWithoutARatio) {
  const Document d = peers_document();
  const auto cases = cases_with_peers(d.records);
  const auto means = peer_means(cases);
  EXPECT_EQ(mean_of(means, "", "").cases, 2) << "the third is odd";
  EXPECT_EQ(mean_of(means, "", "litert").cases, 0);
  EXPECT_EQ(mean_of(means, "", "litert").ratio, Interval());
  EXPECT_EQ(mean_of(means, "", "litert").without,
            (std::vector<std::string>{cases[0]->case_id, cases[1]->case_id}));
  EXPECT_TRUE(peer_means({cases[2]}).empty());
}

TEST(PeerMeans, LayoutsAreSaidUpToWhatWasChosen) {
  const Document d = peers_document();
  EXPECT_EQ(layouts_of_peers(cases_with_peers(d.records)), "onednn: any; onnxruntime: nhwc");
}

}  // namespace
}  // namespace halcyon
