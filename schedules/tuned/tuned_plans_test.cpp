#include "schedules/tuned/tuned_plans.h"

#include <functional>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "schedules/tuned/tuned_lookup.h"
#include "schedules/tuned/tuned_sample.h"

namespace halcyon {
namespace {

constexpr const char* kShort = "1x7x7x8 | dw 3x3 | pw 16 | pw 8";
constexpr const char* kLong = "1x7x7x8 | pw 16 | dw 3x3 | pw 8";

TunedPlan a_plan(const std::string& network = "net", const std::string& cpu = "a CPU") {
  return {network,  "1x14x14x3", 1,  "one brand", {{kShort, 1.05, 1.03, 1.07, 90}},
          "21.0.0", "0123",      cpu};
}

class TunedPlans : public TunedFolder {
 protected:
  std::string file() const { return tuned_plans_path(root_, "zen3"); }
  void write(const nlohmann::json& value) const {
    std::filesystem::create_directories(root_ + "/zen3");
    std::ofstream(file(), std::ios::trunc) << value.dump(1);
  }
  std::string refusal(const std::function<void(nlohmann::json&)>& change) const {
    TunedPlan two = a_plan();
    two.fused.push_back({kLong, 1.1, 1.05, 1.2, 90});
    nlohmann::json value = to_json({two, a_plan("other")});
    change(value);
    write(value);
    const std::string line = refusal_or_none([&] { read_tuned_plans(file()); });
    return line.empty() ? "accepted" : line.substr(file().size());
  }
  std::vector<std::string> offered(const std::string& input = "1x14x14x3", int threads = 1) const {
    std::vector<std::string> from;
    for (const OfferedPlan& o : tuned_plans_for(root_, "zen3", "net", input, threads, "EPYC"))
      from.push_back(o.plan.cpu_id + o.from.substr(file().size()));
    return from;
  }
};

TEST_F(TunedPlans, AreReadAsTheyWereWritten) {
  TunedPlan threads = a_plan();
  threads.threads = 2;
  std::vector<TunedPlan> plans;
  for (const TunedPlan& p : {a_plan("z"), threads, a_plan(), a_plan("net", "EPYC")})
    put_tuned_plan(plans, p);
  write(to_json(plans));
  EXPECT_EQ(read_tuned_plans(file()), plans);
  EXPECT_EQ(plans.size(), 4u);
  threads.fused.clear();
  put_tuned_plan(plans, threads);
  EXPECT_EQ(plans.size(), 3u) << "without a chain there is none";
}

TEST_F(TunedPlans, RefuseWhatIsNotAsItShouldBe) {
  EXPECT_EQ(refusal([](auto&) {}), "accepted");
  EXPECT_EQ(refusal([](auto& j) {
              j["plans"][0]["fused"][1]["low"] = 0.9;
            }).find(": /plans/0/fused/1/low"),
            0u);
  EXPECT_NE(refusal([](auto& j) {
              j["plans"][0]["fused"] = nlohmann::json::array();
            }).find("found no chain"),
            std::string::npos);
  EXPECT_NE(refusal([](auto& j) {
              std::swap(j["plans"][0]["fused"][0], j["plans"][0]["fused"][1]);
            }).find("chains are sorted"),
            std::string::npos);
  EXPECT_NE(refusal([](auto& j) { std::swap(j["plans"][0], j["plans"][1]); }).find("are sorted by"),
            std::string::npos);
  EXPECT_NE(refusal([](auto& j) {
              j["plans"][0]["fused"][0]["problem"] = "1x7x7x8 |dw 3x3 | pw 16 | pw 8";
            }).find("it is written"),
            std::string::npos);
  EXPECT_NE(refusal([](auto& j) { j["plans"][0]["evidence"]["x"] = 1; }).find("/evidence"),
            std::string::npos);
  EXPECT_NE(refusal([](auto& j) { j["plans"][1].erase("input"); }).find("/plans/1"),
            std::string::npos);
}

TEST_F(TunedPlans, ThisCpuComesBeforeTheFamily) {
  EXPECT_TRUE(offered().empty()) << "no file";
  std::vector<TunedPlan> plans;
  for (const TunedPlan& p : {a_plan("net", "A"), a_plan("net", "EPYC"), a_plan("other", "EPYC")})
    put_tuned_plan(plans, p);
  write(to_json(plans));
  EXPECT_EQ(offered(), (std::vector<std::string>{"EPYC (this CPU)", "A (family zen3)"}));
  EXPECT_TRUE(offered("1x28x28x3").empty());
  EXPECT_TRUE(offered("1x14x14x3", 2).empty());
}

TEST_F(TunedPlans, ABrandAloneIsNoCpu) {
  TunedPlan old = a_plan("net", "");
  old.cpu = "EPYC";
  write(to_json({old}));
  EXPECT_EQ(read_tuned_plans(file()), std::vector{old});
  EXPECT_EQ(offered(), std::vector<std::string>{" (family zen3)"});
  std::vector<TunedPlan> plans = {old};
  put_tuned_plan(plans, a_plan("net", "EPYC"));
  write(to_json(plans));
  EXPECT_EQ(offered(), (std::vector<std::string>{"EPYC (this CPU)", " (family zen3)"}));
}

TEST_F(TunedPlans, AreNoSchedules) {
  write(to_json({a_plan()}));
  EXPECT_EQ(count_tuned(root_, tuned_target()), 0u);
}

}  // namespace
}  // namespace halcyon
