#include "suites/trials/candidates.h"

#include "kernels/error.h"
#include "schedules/tuned/tuned_sample.h"

namespace halcyon {
namespace {

constexpr const char* kLine = "1x14x14x32 | pw 64";

class Candidates : public TunedFolder {
 protected:
  Request request() const {
    Request r;
    r.folders = {HALCYON_SOURCE_DIR, HALCYON_SOURCE_DIR "/schedules/targets", "", "", root_};
    r.what = {kLine, "1x14x14x32 | pw 96"};
    r.target = "x86-zen3";
    return r;
  }
};

TEST_F(Candidates, AreOfTheTunedScheduleWhereThereIsOneElseOfTheStart) {
  keep("zen3", {tuned_entry(kLine)});
  const auto all = candidates_of(run_plan(request()));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].schedule_source, "tuned");
  EXPECT_EQ(all[0].point, tuned_entry(kLine).point);
  EXPECT_EQ(to_text(all[0].candidate.schedule.back()), tuned_entry(kLine).steps.back());
  EXPECT_NE(all[0].schedule_why.find("1.08x warm, 1.05x cold-weights"), std::string::npos)
      << all[0].schedule_why;
  EXPECT_EQ(all[1].schedule_source, "recipe");
  EXPECT_EQ(all[1].schedule_why.find("no tuned schedule"), 0u) << all[1].schedule_why;
}

TEST_F(Candidates, AskedForTheRecipeOrAPointAreOfIt) {
  keep("zen3", {tuned_entry(kLine)});
  const Problem problem = Problem::parse(kLine);
  const Point start = recipe_for(problem).start(problem, tuned_target());
  Request asked = request();
  asked.source = FromRecipe{};
  EXPECT_EQ(candidates_of(run_plan(asked)).front().point, start);
  EXPECT_EQ(candidates_of(run_plan(asked)).front().schedule_source, "recipe");
  EXPECT_NE(
      repro_of(candidates_of(run_plan(asked)).front(), "bench", asked).find(" --source recipe"),
      std::string::npos);
  asked = request();
  asked.what = {kLine};
  asked.point = start;
  EXPECT_EQ(candidates_of(run_plan(asked)).front().schedule_source, "recipe");
}

TEST_F(Candidates, OfATunedScheduleStandBesideTheStart) {
  keep("zen3", {tuned_entry(kLine)});
  Request asked = request();
  asked.against = {Form::recipe};
  const auto all = candidates_of(run_plan(asked));
  ASSERT_EQ(all.size(), 3u) << "the start is no rival of itself";
  EXPECT_EQ(all[1].rival, "recipe");
  EXPECT_EQ(all[1].schedule_source, "recipe");
  EXPECT_NE(all[1].candidate.schedule, all[0].candidate.schedule);
  EXPECT_EQ(all[1].of.problem.text(), kLine);
}

TEST_F(Candidates, OfAStaleEntryAreOfTheStartAndSaySo) {
  TunedEntry stale = tuned_entry(kLine);
  stale.steps.back() = "out: splitt x";
  keep("zen3", {stale});
  const NamedCandidate c = candidates_of(run_plan(request())).front();
  EXPECT_EQ(c.schedule_source, "recipe");
  EXPECT_TRUE(c.stale);
  EXPECT_NE(c.schedule_why.find("is stale"), std::string::npos) << c.schedule_why;
}

}  // namespace
}  // namespace halcyon
