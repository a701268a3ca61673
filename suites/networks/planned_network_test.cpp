#include "suites/networks/planned_network.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "results/files/temporary_folder.h"
#include "schedules/targets/cpu_id.h"
#include "schedules/targets/host.h"
#include "schedules/tuned/tuned_plans.h"
#include "suites/commands/show_network.h"
#include "suites/graph/sample_graphs.h"
#include "suites/onnx/writing/export.h"

namespace halcyon {
namespace {

constexpr const char* kChain = "1x7x6x8 | dw 3x3 | pw 16 g2 gelu | pw 8 skip";

class KeptCut : public testing::Test {
 protected:
  KeptCut() {
    Graph graph = sample_network();
    seed_parameters(graph, 1);
    write_onnx(graph, model_);
    const std::string root = HALCYON_SOURCE_DIR;
    request_.folders = {root, root + "/schedules/targets", "", "", folder_.path() + "/tuned", ""};
    request_.what = {model_};
  }
  void keep(const std::string& cpu, const std::string& chain, const std::string& input = "") {
    std::vector<TunedPlan> plans;
    const std::string file = tuned_plans_path(request_.folders.tuned,
                                              find_target("host", request_.folders.targets).family);
    if (std::filesystem::exists(file)) plans = read_tuned_plans(file);
    TunedPlan plan{"sample", input.empty() ? "1x13x11x3" : input, 1,
                   cpu,      {{chain, 1.1, 1.05, 1.2, 90}},       "21.0.0",
                   "run"};
    plan.cpu_id = cpu;
    put_tuned_plan(plans, plan);
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::trunc) << to_json(plans).dump(1);
  }
  PlannedNetwork planned() const { return planned_network(model_, run_plan(request_)); }
  std::string first_line() const {
    const std::string text = show_network(run_plan(request_), {"plan"}, false);
    return text.substr(text.find("# from"), text.find('\n') - text.find("# from"));
  }

  const TemporaryFolder folder_;
  const std::string model_ = folder_.path() + "/sample.onnx";
  const std::string cpu_ = cpu_id(read_cpuinfo()).model;
  Request request_;
};

TEST_F(KeptCut, IsUsedUnlessAnotherIsAskedFor) {
  EXPECT_EQ(planned().plan.cut, "ops");
  EXPECT_NE(first_line().find("# from ops, no tuned plan of sample for 1x13x11x3"),
            std::string::npos);
  keep("another CPU", kChain, "1x26x22x3");
  EXPECT_EQ(planned().plan.cut, "ops") << "another input";
  keep("another CPU", kChain);
  EXPECT_EQ(planned().plan.cut, "ops+1");
  EXPECT_NE(first_line().find("# from tuned, "), std::string::npos) << first_line();
  EXPECT_NE(first_line().find("(family "), std::string::npos) << first_line();
  request_.cut = Cut::ops;
  EXPECT_EQ(planned().plan.cut, "ops");
  request_.cut = Cut::blocks;
  EXPECT_EQ(planned().plan.cut, "blocks");
  EXPECT_EQ(first_line(), "# from blocks, as asked for");
}

TEST_F(KeptCut, OfThisCpuComesFirstAndAStaleOneIsPassedOver) {
  keep("a first CPU", kChain);
  keep(cpu_, "1x7x6x8 | dw 3x3 | pw 20 g2 gelu | pw 8 skip");
  EXPECT_EQ(planned().plan.cut, "ops+1");
  EXPECT_FALSE(planned().cut_stale) << "the family's fits";
  keep("a first CPU", "1x7x6x8 | dw 3x3 | pw 24 g2 gelu | pw 8 skip");
  const PlannedNetwork stale = planned();
  EXPECT_EQ(stale.plan.cut, "ops");
  EXPECT_TRUE(stale.cut_stale);
  EXPECT_NE(
      stale.cut_why.find("(this CPU) is stale: sample has no chain '1x7x6x8 | dw 3x3 | pw 20"),
      std::string::npos)
      << stale.cut_why;
  keep(cpu_, kChain);
  EXPECT_NE(planned().cut_why.find("(this CPU)"), std::string::npos);
}

}  // namespace
}  // namespace halcyon
