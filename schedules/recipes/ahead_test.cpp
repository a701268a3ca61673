#include "schedules/recipes/ahead.h"

#include <gtest/gtest.h>

#include "schedules/recipes/recipe.h"

namespace halcyon {
namespace {

const std::string kFolder = HALCYON_SOURCE_DIR "/schedules/targets";

int ahead_of(const Target& target) {
  const Problem problem = Problem::parse("1x14x14x192 | pw 384");
  return recipe_for(problem).start(problem, target).at("ahead");
}

TEST(Ahead, StartsWhereTheTargetGainsByIt) {
  for (const auto& name : target_names(kFolder)) {
    const Target t = find_target(name, kFolder);
    EXPECT_EQ(ahead_of(t), t.prefetch_gains) << name;
  }
  EXPECT_EQ(ahead_of(find_target("x86-zen4", kFolder)), 1);
  EXPECT_EQ(ahead_of(find_target("j6m", kFolder)), 0);
}

// A schedule is the same whether its time is read on a board or its instructions are counted.
TEST(Ahead, DoesNotDependOnWhatIsRead) {
  for (Target t : {find_target("x86-zen4", kFolder), find_target("j6m", kFolder)}) {
    const int ahead = ahead_of(t);
    for (const std::string& device : device_words())
      for (const char* meter : {"ns", "instructions"}) {
        t.device = device;
        t.meters = {meter};
        EXPECT_EQ(ahead_of(t), ahead);
      }
  }
}

}  // namespace
}  // namespace halcyon
