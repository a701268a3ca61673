#include "schedules/autoschedule.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>

#include "kernels/algorithm.h"
#include "schedules/apply.h"
#include "schedules/compile.h"
#include "schedules/emit.h"
#include "schedules/plugin.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

Target target() { return find_target("x86-avx2", HALCYON_SOURCE_DIR "/schedules/targets"); }
std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Assembly without what loops are called: comments, and names of the functions that parallel loops
/// become, which are numbered as they come. An import renames the loops that Halide made up.
std::string nameless(const std::string& assembly) {
  static const std::regex comment("[ \t]*#[^\n]*"), task("_par_for_\\w+");
  const std::string code = std::regex_replace(assembly, comment, "");
  std::map<std::string, std::size_t> numbers;
  std::string text;
  auto from = code.cbegin();
  for (std::sregex_iterator m(code.begin(), code.end(), task), none; m != none; ++m) {
    text.append(from, (*m)[0].first);
    text += "_task" + std::to_string(numbers.emplace(m->str(), numbers.size()).first->second);
    from = (*m)[0].second;
  }
  return text.append(from, code.cend());
}

class AutoscheduleTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "halcyon-autoschedule-XXXXXX";
    root = mkdtemp(name.data());
  }
  void TearDown() override { fs::remove_all(root); }
  std::string root;
};

/// Assembly of what the autoscheduler itself scheduled, without steps in between.
std::string direct_assembly(const Autoscheduler& by, const Problem& problem,
                            const std::string& symbol, const std::string& folder) {
  warm_up();
  const Ended ended = run_forked(kSearchLimits, [&](int result_fd) {
    return guarded(result_fd, [&] {
      load_autoscheduler(by);
      Algorithm algorithm = build_algorithm(problem);
      apply_schedule(algorithm, problem, {});
      Halide::Pipeline pipeline = algorithm.pipeline();
      pipeline.apply_autoscheduler(Halide::Target(target().halide), parameters_for_halide(by));
      pipeline
          .compile_to_module(algorithm.arguments(), symbol,
                             Halide::Target(target().halide + "-" + emit_features(false)))
          .compile({{Halide::OutputFileType::assembly, folder + "/direct.s"}});
      return 0 + emit_ok;
    });
  });
  std::string detail;
  EXPECT_EQ(compile_outcome(ended, &detail), Outcome::ok) << detail;
  return read(folder + "/direct.s");
}

// Catches a step that was lost, reordered or attached to another stage on import.
TEST_P(AutoscheduleTest, AReplayWithoutThePluginIsTheSameAssembly) {
  const Autoscheduler by = autoscheduler_from_text(GetParam());
  const std::vector<Problem> problems = {Problem::parse("1x8x8x16 | dw 3x3"),
                                         Problem::parse("1x8x8x16 | pw 24 relu"),
                                         Problem::parse("1x9x11x3 | conv 3x3 8 s2 | gap")};
  const auto found = search_all(by, problems, target(), Cache(root));
  for (std::size_t i = 0; i < problems.size(); i++) {
    SCOPED_TRACE(problems[i].text());
    ASSERT_EQ(found[i].outcome, Outcome::ok) << found[i].detail;
    EXPECT_FALSE(found[i].schedule.empty());
    CompileOptions options;
    options.keep_text = true;
    const Compiled replayed =
        Compiler(root).compile({problems[i], found[i].schedule, target()}, options);
    ASSERT_EQ(replayed.outcome, Outcome::ok) << replayed.detail;
    const std::string direct = direct_assembly(by, problems[i], replayed.symbol, root);
    EXPECT_GT(direct.size(), 1000u);
    EXPECT_EQ(nameless(read(replayed.assembly)), nameless(direct)) << to_text(found[i].schedule);
  }
}

TEST_P(AutoscheduleTest, ASearchIsDoneOnceAndKept) {
  const Autoscheduler by = autoscheduler_from_text(GetParam());
  const std::vector<Problem> problem = {Problem::parse("1x4x4x8 | hardswish")};
  const Search first = search_all(by, problem, target(), Cache(root)).front();
  const Search again = search_all(by, problem, target(), Cache(root)).front();
  EXPECT_FALSE(first.from_cache);
  EXPECT_TRUE(again.from_cache);
  EXPECT_EQ(first.outcome, Outcome::ok) << first.detail;
  EXPECT_EQ(to_text(first.schedule), to_text(again.schedule));
}

TEST_P(AutoscheduleTest, ASearchOverItsLimitIsAnOutcomeThatIsKept) {
  const Autoscheduler by = autoscheduler_from_text(GetParam());
  const std::vector<Problem> problem = {Problem::parse("1x14x14x192 | pw 384 gelu | pw 192 skip")};
  Limits limits = kSearchLimits;
  limits.wall_seconds = 0.001;
  for (const bool from_cache : {false, true}) {
    const Search s = search_all(by, problem, target(), Cache(root), 1, limits).front();
    EXPECT_EQ(s.outcome, Outcome::compile_timeout) << s.detail;
    EXPECT_EQ(s.from_cache, from_cache);
    EXPECT_NE(s.detail, "");
  }
}

INSTANTIATE_TEST_SUITE_P(Each, AutoscheduleTest,
                         testing::Values("mullapudi2016", "adams2019", "li2018"),
                         [](const auto& of) { return std::string(of.param); });

TEST(Autoscheduler, WordsAreReadAndWritten) {
  EXPECT_EQ(to_text(autoscheduler_from_text("li2018+llvm_loop_opt")), "li2018+llvm_loop_opt");
  EXPECT_TRUE(autoscheduler_from_text("adams2019+llvm_loop_opt").llvm_loop_opt);
  EXPECT_FALSE(autoscheduler_from_text("adams2019").llvm_loop_opt);
  try {
    autoscheduler_from_text("adams2018");
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("Did you mean 'adams2019'?"), std::string::npos);
  }
}

}  // namespace
}  // namespace halcyon
