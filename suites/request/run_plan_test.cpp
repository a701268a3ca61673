#include "suites/request/run_plan.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "kernels/error.h"
#include "results/files/temporary_folder.h"
#include "schedules/targets/cpu_id.h"
#include "schedules/targets/host.h"

namespace halcyon {
namespace {

class RunPlanTest : public testing::Test {
 protected:
  RunPlanTest() {
    const std::string root = HALCYON_SOURCE_DIR;
    request_.folders = {root, root + "/schedules/targets", root + "/suites/micro", "",
                        "",   root + "/suites/networks"};
    request_.what = {"smoke", "1x4x4x8 | pw 8"};
    request_.target = "x86-avx2";
  }
  std::string refusal() const {
    try {
      run_plan(request_);
    } catch (const Error& e) {
      EXPECT_EQ(e.code, Exit::usage) << e.what();
      return e.what();
    }
    return "accepted";
  }
  const TemporaryFolder folder_;
  Request request_;
};

TEST_F(RunPlanTest, HoldsAllThatWordsAndFilesSay) {
  const std::string steps = folder_.path() + "/own.steps";
  std::ofstream(steps) << "out: unroll c\n";
  request_.schedule_file = steps;
  request_.filter = "^pw";
  const RunPlan plan = run_plan(request_);
  std::filesystem::remove(steps);
  ASSERT_EQ(plan.what.size(), 2u);
  EXPECT_EQ(plan.what[0].named, Named::suite);
  EXPECT_EQ(plan.what[1].named, Named::problem);
  EXPECT_EQ(plan.target.name, "x86-avx2");
  EXPECT_EQ(plan.cpu, cpu_id(read_cpuinfo()).model);
  EXPECT_EQ(to_text(plan.steps.value()), "out: unroll c\n");
  EXPECT_TRUE(plan.filter.takes("pw-14"));
  EXPECT_FALSE(plan.filter.takes("dw-14"));
}

TEST_F(RunPlanTest, AnAutoschedulerKnowsWhatItIsToldBesideItsName) {
  request_.source = source_from_text("adams2019");
  request_.against = rivals_from_text({"recipe", "li2018"});
  request_.full_search = true;
  request_.seed = 7;
  const RunPlan plan = run_plan(request_);
  const auto& by = std::get<Autoscheduler>(plan.request.source);
  EXPECT_TRUE(by.full_search);
  EXPECT_EQ(by.seed, 7u);
  EXPECT_EQ(std::get<Autoscheduler>(plan.request.against[1]).seed, 7u);
}

TEST_F(RunPlanTest, WhatIsMeasuredElsewhereIsOfNoCpuHere) {
  request_.target = "j6m";
  EXPECT_EQ(run_plan(request_).cpu, "");
  request_.threads = 2;
  EXPECT_EQ(refusal().find("--threads 2: target j6m is measured "), 0u) << refusal();
}

TEST_F(RunPlanTest, WhatContradictsItselfIsRefused) {
  request_.source = source_from_text("li2018");
  request_.sweep = Sweep::all;
  EXPECT_EQ(refusal(), "--sweep tries a recipe's points; --source li2018 has none");
  request_.sweep = Sweep::start;
  request_.full_search = true;
  EXPECT_EQ(refusal(), "--search full is of --source adams2019, which alone has a beam");
  request_.full_search = false;
  request_.point = {{"tile_c", 8}};
  EXPECT_EQ(refusal(), "--source li2018 makes the schedule; --schedule and --point name one");
  request_.point.clear();
  request_.source = FromTuned{};
  request_.what.emplace_back("smoke");
  EXPECT_EQ(refusal(), "'smoke' is asked for twice");
  request_.what = {"smoke"};
  request_.filter = "(";
  EXPECT_EQ(refusal().find("--filter '(': not a regular expression"), 0u);
}

TEST_F(RunPlanTest, OfATargetThatIsShownIsThatOne) {
  request_.target = "host";
  for (const std::string what :
       {"x86-zen4", HALCYON_SOURCE_DIR "/schedules/targets/x86-zen4.json"}) {
    request_.what = {what};
    EXPECT_EQ(plan_to_show(request_).target.name, "x86-zen4");
  }
  EXPECT_NE(refusal().find("--target takes"), std::string::npos);
}

}  // namespace
}  // namespace halcyon
