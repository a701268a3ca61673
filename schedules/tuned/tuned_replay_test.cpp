// Every schedule that is shipped in schedules/tuned is of today's language and recipes, applies,
// and computes what its problem says.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "kernels/error.h"
#include "schedules/apply/jit_run.h"
#include "schedules/tuned/tuned_lookup.h"
#include "schedules/tuned/tuned_plans.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

const std::string kFolder = HALCYON_SOURCE_DIR "/schedules/tuned";
constexpr std::int64_t kMostMacs = 2'000'000;  // a second or two of compiling and plain loops
constexpr std::size_t kMostRun = 6;
constexpr int kMostOfAFile = 2;

struct Shipped {
  std::string file, family;
  TunedEntry entry;
  Problem problem;
  std::string steps() const {
    std::string text;
    for (const std::string& line : entry.steps) text += line + "\n";
    return text;
  }
};

std::vector<Shipped> shipped() {
  std::vector<Shipped> all;
  if (!fs::exists(kFolder)) return all;
  for (const auto& item : fs::recursive_directory_iterator(kFolder)) {
    if (item.path().extension() != ".json" || holds_plans(item.path())) continue;
    const std::string family = item.path().parent_path().filename().string();
    for (const TunedEntry& e : read_tuned(item.path().string()))
      all.push_back({item.path().string(), family, e, Problem::parse(e.problem)});
  }
  return all;
}

/// The targets that are shipped of a family. An entry may be tuned on a machine of the family that
/// is not here; these are anywhere.
std::vector<Target> targets_of(const std::string& family, int threads) {
  const std::string folder = HALCYON_SOURCE_DIR "/schedules/targets";
  std::vector<Target> all;
  for (const auto& item : fs::directory_iterator(folder)) {
    const fs::path& path = item.path();
    if (path.extension() != ".json" || path.stem().extension() == ".schema") continue;
    Target target = find_target(path.stem().string(), folder);
    target.threads = threads;
    if (target.family == family) all.push_back(target);
  }
  return all;
}

TEST(ShippedTunedSchedules, LieWhereTheyAreLookedForAndFitEveryTargetOfTheirFamily) {
  for (const Shipped& s : shipped()) {
    SCOPED_TRACE(s.file + ": " + s.entry.problem);
    EXPECT_EQ(s.file, tuned_path(kFolder, s.family, s.problem));
    const std::vector<Target> targets = targets_of(s.family, s.entry.threads);
    EXPECT_FALSE(targets.empty()) << "no target file of the family: nothing tells whether it fits";
    for (const Target& target : targets) {
      EXPECT_EQ(target.isa, s.entry.isa) << target.name;
      EXPECT_EQ(target.fma_per_cycle, s.entry.fma_per_cycle) << target.name;
      try {
        const bool of_a_point = !fitted(s.entry, s.problem, target).point.empty();
        EXPECT_EQ(of_a_point, !s.entry.point.empty())
            << target.name << ": the recipe makes other steps of its point";
      } catch (const Error& e) {
        ADD_FAILURE() << target.name << ": stale: " << e.what();
      }
    }
  }
}

TEST(ShippedTunedPlans, AreWellFormed) {
  for (const auto& item : fs::recursive_directory_iterator(kFolder))
    if (holds_plans(item.path())) {
      EXPECT_NO_THROW(read_tuned_plans(item.path())) << item.path();
    }
}

TEST(ShippedTunedSchedules, Apply) {
  for (const Shipped& s : shipped()) {
    Algorithm algorithm = build_algorithm(s.problem);
    EXPECT_NO_THROW(apply_schedule(algorithm, s.problem, parse_schedule(s.steps())))
        << s.file << ": " << s.entry.problem;
  }
}

// A few, the cheapest of each kernel first: `halcyon check` does the others.
TEST(ShippedTunedSchedules, ComputeWhatTheirProblemsSay) {
  std::vector<Shipped> all = shipped();
  std::erase_if(all, [](const Shipped& s) { return s.problem.macs() > kMostMacs; });
  std::sort(all.begin(), all.end(),
            [](const Shipped& a, const Shipped& b) { return a.problem.macs() < b.problem.macs(); });
  std::map<std::string, int> run;  // by file
  std::size_t left = kMostRun;
  for (const Shipped& s : all) {
    if (left == 0) break;
    if (run[s.file]++ >= kMostOfAFile) continue;
    left--;
    EXPECT_EQ(jit_mismatch(s.entry.problem, s.steps()), "") << s.file;
  }
}

}  // namespace
}  // namespace halcyon
