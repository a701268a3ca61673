#include "suites/trials/trial.h"

#include "kernels/error.h"
#include "schedules/tuned/tuned_sample.h"

namespace halcyon {
namespace {

constexpr const char* kLine = "1x14x14x32 | pw 64";

class Trials : public TunedFolder {
 protected:
  Request request() const {
    Request r;
    r.folders = {HALCYON_SOURCE_DIR, HALCYON_SOURCE_DIR "/schedules/targets", "", "", root_};
    r.what = {kLine, "1x14x14x32 | pw 96"};
    r.target = "x86-zen3";
    return r;
  }
};

TEST_F(Trials, AreOfTheTunedScheduleWhereThereIsOneElseOfTheStart) {
  keep("zen3", {tuned_entry(kLine)});
  const auto trials = trials_of(request());
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].schedule_source, "tuned");
  EXPECT_EQ(trials[0].point, tuned_entry(kLine).point);
  EXPECT_EQ(to_text(trials[0].candidate.schedule.back()), tuned_entry(kLine).steps.back());
  EXPECT_NE(trials[0].schedule_why.find("1.08x warm, 1.05x cold-weights"), std::string::npos)
      << trials[0].schedule_why;
  EXPECT_EQ(trials[1].schedule_source, "recipe");
  EXPECT_EQ(trials[1].schedule_why.find("no tuned schedule"), 0u) << trials[1].schedule_why;
}

TEST_F(Trials, AskedForTheRecipeOrAPointAreOfIt) {
  keep("zen3", {tuned_entry(kLine)});
  const Problem problem = Problem::parse(kLine);
  const Point start = recipe_for(problem).start(problem, tuned_target());
  Request asked = request();
  asked.source = "recipe";
  EXPECT_EQ(trials_of(asked).front().point, start);
  EXPECT_EQ(trials_of(asked).front().schedule_source, "recipe");
  EXPECT_NE(repro_of(trials_of(asked).front(), "bench", asked).find(" --source recipe"),
            std::string::npos);
  asked = request();
  asked.what = {kLine};
  asked.point = to_text(start);
  EXPECT_EQ(trials_of(asked).front().schedule_source, "recipe");
}

TEST_F(Trials, OfATunedScheduleStandBesideTheStart) {
  keep("zen3", {tuned_entry(kLine)});
  Request asked = request();
  asked.against = {"recipe"};
  const auto trials = trials_of(asked);
  ASSERT_EQ(trials.size(), 3u) << "the start is no rival of itself";
  EXPECT_EQ(trials[1].rival, "recipe");
  EXPECT_EQ(trials[1].schedule_source, "recipe");
  EXPECT_NE(trials[1].candidate.schedule, trials[0].candidate.schedule);
  EXPECT_EQ(trials[1].of.problem.text(), kLine);
}

TEST_F(Trials, OfAStaleEntryAreOfTheStartAndSaySo) {
  TunedEntry stale = tuned_entry(kLine);
  stale.steps.back() = "out: splitt x";
  keep("zen3", {stale});
  const Trial trial = trials_of(request()).front();
  EXPECT_EQ(trial.schedule_source, "recipe");
  EXPECT_TRUE(trial.stale);
  EXPECT_NE(trial.schedule_why.find("is stale"), std::string::npos) << trial.schedule_why;
}

}  // namespace
}  // namespace halcyon
