// A whole tuning inside a small network, on this machine.
#include "autotune/tune.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "results/files/temporary_folder.h"
#include "suites/graph/sample_graphs.h"
#include "suites/networks/planned_network.h"
#include "suites/onnx/writing/export.h"

namespace halcyon {
namespace {

class TuneTest : public testing::Test {
 protected:
  TuneTest() {
    Graph graph = sample_network();
    seed_parameters(graph, 1);
    write_onnx(graph, model_);
    const std::string root = HALCYON_SOURCE_DIR;
    request_.folders = {root,
                        root + "/schedules/targets",
                        root + "/suites/micro",
                        folder_.path() + "/cache",
                        folder_.path() + "/tuned",
                        root + "/suites/networks"};
    std::filesystem::create_directory(request_.folders.tuned);
    request_.quick = true;
    request_.what = {model_};
    request_.filter = "^block0";
    request_.cut = Cut::ops;  // not what the first run kept
    request_.out = folder_.path() + "/out";
    tune_.in_network = true;
    tune_.keep = true;
    tune_.budget = 3;
    tune_.strategy = "random";
  }
  std::string refusal() {
    return refusal_of([&] { tune(run_plan(request_), tune_, silent_, {}); });
  }

  const TemporaryFolder folder_;
  const std::string model_ = folder_.path() + "/sample.onnx";
  Request request_;
  TuneOptions tune_;
  Progress silent_{Progress::Style::silent};
};

TEST_F(TuneTest, RanksInsideTheNetworkAndFromTheJournalTheSecondTime) {
  const Tuning first = tune(run_plan(request_), tune_, silent_, {});
  ASSERT_EQ(first.networks.size(), 1u);
  const InNetwork& n = first.networks[0];
  ASSERT_EQ(n.problems.size() + n.unranked.size(), first.searches.size());
  if (!n.unranked.empty()) GTEST_SKIP() << n.unranked.front();  // too noisy a machine for a time
  EXPECT_GE(n.problems.size(), 2u);
  bool compared = false;
  for (const RankedProblem& p : n.problems) {
    if (p.alternatives.size() == 1) continue;
    compared = true;
    EXPECT_EQ(p.over_start.size(), p.alternatives.size()) << p.of.id << ": " << p.decision.why;
  }
  if (!compared) GTEST_SKIP() << "no other schedule came within a tenth of its start";
  EXPECT_EQ(n.input, "1x13x11x3");
  ASSERT_EQ(n.chains.size(), 1u) << "the chain of block0";
  const Tuning second = tune(run_plan(request_), tune_, silent_, {});
  ASSERT_EQ(second.networks.size(), 1u);
  EXPECT_EQ(second.spent.measuring, 0);
  ASSERT_EQ(second.networks[0].problems.size(), n.problems.size());
  for (std::size_t i = 0; i < n.problems.size(); i++)
    EXPECT_EQ(second.networks[0].problems[i].choice().key, n.problems[i].choice().key);
  EXPECT_EQ(in_network_table(second.networks[0]), in_network_table(n));
}

TEST_F(TuneTest, InNetworkIsOfNetworks) {
  request_.what = {"1x7x7x16 | pw 24"};
  request_.filter = "";
  EXPECT_NE(refusal().find("--in-network ranks inside networks"), std::string::npos);
}

}  // namespace
}  // namespace halcyon
