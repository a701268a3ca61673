#include "schedules/tuned/tuned_lookup.h"

#include "kernels/error.h"
#include "schedules/tuned/tuned_sample.h"

namespace halcyon {
namespace {

constexpr const char* kLine = "1x14x14x32 | pw 64";

class LookUp : public TunedFolder {
 protected:
  TunedLookup look(const std::string& line = kLine) const {
    return TunedStore(root_).look_up(Problem::parse(line), tuned_target(), "EPYC");
  }
  /// Which speedup in `warm` the entry has that is found; 0 where none is.
  double found() const {
    const TunedLookup l = look();
    EXPECT_EQ(l.found.has_value(), l.why.find("x warm") != std::string::npos) << l.why;
    for (double speedup : {2, 3, 4, 5})
      if (l.why.find(": " + std::to_string(static_cast<int>(speedup)) + ".00x") != l.why.npos)
        return speedup;
    return 0;
  }
  static TunedEntry entry(double speedup, const std::string& cpu, const std::string& isa = "avx2") {
    TunedEntry e = tuned_entry(kLine, cpu);
    e.cpu = "one brand";
    e.states[0].speedup = e.states[0].high = speedup;
    e.isa = isa;
    return e;
  }
};

TEST_F(LookUp, TakesTheNearestMachine) {
  EXPECT_EQ(found(), 0) << "an empty folder";
  keep("zen4", {entry(2, "X", "avx512")});
  EXPECT_EQ(found(), 0) << "another ISA";
  TunedEntry one_fma = entry(2, "X");
  one_fma.fma_per_cycle = 1;
  keep("skylake", {one_fma});
  EXPECT_EQ(found(), 0) << "the ISA, but half as many FMAs a cycle";
  keep("avx2", {entry(3, "X")});
  EXPECT_EQ(found(), 3) << "the ISA";
  keep("zen3", {entry(4, "A")});
  EXPECT_EQ(found(), 4) << "the family";
  keep("zen3", {entry(4, "A"), entry(5, "EPYC")});
  EXPECT_EQ(found(), 5) << "the CPU";
  EXPECT_FALSE(look("1x14x14x32 | pw 65").found) << "another problem";
}

TEST_F(LookUp, ABrandAloneIsNoCpu) {
  TunedEntry brand = entry(4, "");
  brand.cpu = "EPYC";  // as the id that is looked for
  keep("zen3", {brand});
  EXPECT_EQ(found(), 4) << "served all the same";
  EXPECT_NE(look().why.find("(family zen3)"), std::string::npos) << look().why;
  keep("zen3", {brand, entry(5, "EPYC")});
  EXPECT_EQ(found(), 5);
  EXPECT_NE(look().why.find("(this CPU)"), std::string::npos) << look().why;
  keep("zen3", {brand, entry(5, "another generation")});
  EXPECT_NE(look().why.find("(family zen3)"), std::string::npos) << look().why;
}

TEST_F(LookUp, GivesTheStepsAndThePointThatWereKept) {
  keep("zen3", {tuned_entry(kLine)});
  const TunedLookup l = look();
  ASSERT_TRUE(l.found);
  EXPECT_EQ(l.found->point, tuned_entry(kLine).point);
  EXPECT_EQ(to_text(l.found->steps.front()), tuned_entry(kLine).steps.front());
  EXPECT_EQ(l.found->steps.size(), tuned_entry(kLine).steps.size());
}

// The steps are what was measured; a point that means something else by now would mislead.
TEST_F(LookUp, KeepsStepsThatTheRecipeNoLongerMakesWithoutTheirPoint) {
  TunedEntry old = tuned_entry(kLine);
  old.steps.pop_back();
  keep("zen3", {old});
  ASSERT_TRUE(look().found);
  EXPECT_EQ(look().found->steps.size(), old.steps.size());
  EXPECT_TRUE(look().found->point.empty());
}

TEST_F(LookUp, PassesOverWhatNoLongerFitsAndSaysSo) {
  TunedEntry unknown_step = tuned_entry(kLine, "EPYC"), no_knob = tuned_entry(kLine, "other");
  unknown_step.steps.back() = "out: splitt x";
  no_knob.point.erase(no_knob.point.begin());
  keep("zen3", {unknown_step, no_knob});
  const TunedLookup l = look();
  EXPECT_FALSE(l.found);
  EXPECT_TRUE(l.stale);
  EXPECT_NE(l.why.find("splitt"), std::string::npos) << l.why;
  EXPECT_EQ(l.why.find('\n'), std::string::npos) << l.why;
  keep("avx2", {tuned_entry(kLine)});
  EXPECT_TRUE(look().found) << "the next nearest";
  EXPECT_FALSE(look().stale);
}

TEST_F(LookUp, IsOfTheTargetsThreads) {
  TunedEntry two = tuned_entry(kLine);
  two.threads = 2;
  Target target = tuned_target();
  target.threads = 2;
  two.point = recipe_for(Problem::parse(kLine)).start(Problem::parse(kLine), target);
  keep("zen3", {two});
  EXPECT_FALSE(TunedStore(root_).look_up(Problem::parse(kLine), tuned_target(), "").found);
  EXPECT_TRUE(TunedStore(root_).look_up(Problem::parse(kLine), target, "").found);
  keep("zen3", {tuned_entry(kLine)});
  const auto none = TunedStore(root_).look_up(Problem::parse(kLine), target, "");
  EXPECT_FALSE(none.found);
  EXPECT_EQ(none.why.find("no tuned schedule of 2 threads"), 0u) << none.why;
}

TEST_F(LookUp, CountsTheEntriesOfAFamily) {
  EXPECT_EQ(count_tuned(root_, tuned_target()), 0u);
  keep("zen3", {tuned_entry(kLine), tuned_entry("1x7x7x32 | pw 64")});
  keep("zen3", {tuned_entry("1x7x7x32 | dw 3x3")});
  keep("zen4", {tuned_entry(kLine)});
  EXPECT_EQ(count_tuned(root_, tuned_target()), 3u);
}

}  // namespace
}  // namespace halcyon
