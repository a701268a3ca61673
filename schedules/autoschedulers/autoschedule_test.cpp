#include "schedules/autoschedulers/autoschedule.h"

#include <gtest/gtest.h>

#include <map>
#include <regex>

#include "kernels/algorithms/algorithm.h"
#include "kernels/for_tests.h"
#include "schedules/apply/apply.h"
#include "schedules/autoschedulers/plugin.h"
#include "schedules/compile/compile.h"
#include "schedules/compile/emit.h"

namespace halcyon {
namespace {

Target target(const char* name = "x86-avx2") {
  return find_target(name, HALCYON_SOURCE_DIR "/schedules/targets");
}

/// Instructions, labels and data: assembly without comments.
std::string code_of(const std::string& assembly) {
  static const std::regex comment("[ \t]*(# |//)[^\n]*");
  return std::regex_replace(assembly, comment, "");
}

/// Functions that parallel loops become are called after the loops: here numbered as they come.
std::string with_numbered_tasks(const std::string& code) {
  static const std::regex task("_par_for_\\w+");
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
  const TestFolder folder_;
  const std::string& root = folder_.path();
};

class ReplayTest : public AutoscheduleTest {
 protected:
  const Autoscheduler by = autoscheduler_from_text(GetParam());

  void in_child(const std::function<int(int)>& body) {
    warm_up();
    const Ended ended = run_forked(kSearchLimits, [&](int result_fd) { return body(result_fd); });
    std::string detail;
    ASSERT_EQ(compile_outcome(ended, &detail), Outcome::ok) << detail;
  }

  /// Code of what the autoscheduler itself scheduled, without steps in between.
  std::string direct(const Problem& problem, const Target& on, const std::string& symbol) {
    in_child([&](int result_fd) {
      return guarded(result_fd, [&] {
        load_autoscheduler(by);
        Algorithm algorithm = build_algorithm(problem);
        apply_schedule(algorithm, problem, {});
        Halide::Pipeline pipeline = algorithm.pipeline();
        pipeline.apply_autoscheduler(Halide::Target(on.halide), parameters_for_halide(by));
        pipeline
            .compile_to_module(algorithm.arguments(), symbol,
                               Halide::Target(on.halide + "-" + emit_features(false)))
            .compile({{Halide::OutputFileType::assembly, root + "/direct.s"}});
        return 0 + emit_ok;
      });
    });
    return code_of(folder_.read("direct.s"));
  }

  /// The steps, compiled in a process that never saw the plugin.
  Compiled replay(const Problem& problem, const Schedule& schedule, const Target& on) {
    CompileOptions options;
    options.keep_text = true;
    return Compiler(root).compile({problem, schedule, on}, options);
  }
};

// Catches a step that was lost, reordered or attached to another stage on import. All instructions,
// labels and data are compared. What may differ is what loops are called, since no step may have a
// name that Halide made up: that shows in comments and in the names of parallel tasks.
TEST_P(ReplayTest, AReplayWithoutThePluginIsTheSameAssembly) {
  const std::vector<Problem> problems = {
      Problem::parse("1x8x8x16 | dw 3x3"), Problem::parse("1x9x11x3 | conv 3x3 8 s2 | gap"),
      Problem::parse("1x1x1x64 | linear 3"),
      Problem::parse("1x4x4x8 | pw 24 relu | se 4 relu sigmoid")};
  std::vector<SearchTask> tasks;
  for (const Problem& problem : problems) tasks.push_back({by, problem});
  for (const char* name : {"x86-avx2", "j6m"}) {
    const Target on = target(name);
    const auto found = search_all(tasks, on, Cache(root));
    for (std::size_t i = 0; i < problems.size(); i++) {
      SCOPED_TRACE(problems[i].text() + " on " + name);
      ASSERT_EQ(found[i].outcome, Outcome::ok) << found[i].detail;
      const Compiled replayed = replay(problems[i], found[i].schedule, on);
      ASSERT_EQ(replayed.outcome, Outcome::ok) << replayed.detail;
      const std::string code = direct(problems[i], on, replayed.symbol);
      EXPECT_GT(code.size(), 1000u);
      EXPECT_EQ(with_numbered_tasks(code_of(bytes_in(replayed.assembly))),
                with_numbered_tasks(code))
          << to_text(found[i].schedule);
    }
  }
}

TEST_P(AutoscheduleTest, ASearchIsDoneOnceAndKept) {
  const Autoscheduler by = autoscheduler_from_text(GetParam());
  const std::vector<SearchTask> task = {{by, Problem::parse("1x4x4x8 | hardswish")}};
  const Search first = search_all(task, target(), Cache(root)).front();
  const Search again = search_all(task, target(), Cache(root)).front();
  EXPECT_FALSE(first.from_cache);
  EXPECT_TRUE(again.from_cache);
  EXPECT_EQ(first.outcome, Outcome::ok) << first.detail;
  EXPECT_EQ(to_text(first.schedule), to_text(again.schedule));
}

TEST_P(AutoscheduleTest, ASearchOverItsLimitIsAnOutcomeThatIsKept) {
  const Autoscheduler by = autoscheduler_from_text(GetParam());
  const std::vector<SearchTask> task = {
      {by, Problem::parse("1x14x14x192 | pw 384 gelu | pw 192 skip")}};
  Limits limits = kSearchLimits;
  limits.wall_seconds = 0.001;
  for (const bool from_cache : {false, true}) {
    const Search s = search_all(task, target(), Cache(root), 1, limits).front();
    EXPECT_EQ(s.outcome, Outcome::compile_timeout) << s.detail;
    EXPECT_EQ(s.from_cache, from_cache);
    EXPECT_NE(s.detail, "");
  }
}

const auto kEach = testing::Values("mullapudi2016", "adams2019", "li2018");
std::string name_of(const testing::TestParamInfo<const char*>& of) { return of.param; }
INSTANTIATE_TEST_SUITE_P(Each, AutoscheduleTest, kEach, name_of);
INSTANTIATE_TEST_SUITE_P(Each, ReplayTest, kEach, name_of);

TEST(Autoscheduler, WordsAreReadAndWritten) {
  for (const char* word : {"mullapudi2016", "adams2019+llvm_loop_opt", "li2018+no_llvm_loop_opt"})
    EXPECT_EQ(to_text(autoscheduler_from_text(word)), word);
  EXPECT_EQ(autoscheduler_from_text("adams2019+llvm_loop_opt").loop_opt, LoopOpt::on);
  EXPECT_EQ(autoscheduler_from_text("adams2019+no_llvm_loop_opt").loop_opt, LoopOpt::off);
  EXPECT_EQ(autoscheduler_from_text("adams2019").loop_opt, LoopOpt::unsaid);
  for (const char* wrong : {"", "+llvm_loop_opt", "adams2019+", "adams2019+loop_opt", "li2018 "})
    EXPECT_THROW(autoscheduler_from_text(wrong), Error) << wrong;
  try {
    autoscheduler_from_text("adams2018");
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("Did you mean 'adams2019'?"), std::string::npos);
  }
}

// Two records of one case by different searches are told apart.
TEST(Autoscheduler, ARecordNamesTheSearch) {
  Autoscheduler by{.name = "adams2019", .seed = 3};
  EXPECT_EQ(describe(by), "adams2019, greedy, seed 3");
  by.loop_opt = LoopOpt::on;
  by.full_search = true;
  EXPECT_EQ(describe(by), "adams2019+llvm_loop_opt, full search");
  EXPECT_EQ(describe({.name = "li2018"}), "li2018");
}

TEST(Autoscheduler, Adams2019WalksOnceWithAStatedSeedUnlessAskedForItsBeam) {
  using Parameters = std::map<std::string, std::string>;
  EXPECT_EQ(parameters_of({.name = "adams2019", .seed = 3}),
            (Parameters{{"parallelism", "1"},
                        {"beam_size", "1"},
                        {"random_dropout", "1"},
                        {"random_dropout_seed", "3"}}));
  EXPECT_EQ(parameters_of({.name = "adams2019", .full_search = true, .seed = 3, .threads = 2}),
            (Parameters{{"parallelism", "2"}}));
}

}  // namespace
}  // namespace halcyon
