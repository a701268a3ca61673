#include "schedules/compile/compile.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "schedules/compile/sha256.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;
const std::string kTargets = HALCYON_SOURCE_DIR "/schedules/targets";

Candidate candidate(const std::string& problem, const std::string& schedule = "") {
  return {Problem::parse(problem), parse_schedule(schedule), find_target("x86-avx2", kTargets)};
}
Candidate small() { return candidate("1x4x4x16 | hardswish", "out: vectorize c 8"); }

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class CompileTest : public testing::Test {
 protected:
  /// Nothing but entries in the cache, nothing running.
  void expect_clean() {
    for (const auto& e : fs::directory_iterator(root))
      EXPECT_FALSE(e.path().filename().string().starts_with("tmp-")) << e.path();
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  }
  const TestFolder folder_;
  const std::string& root = folder_.path();
};

TEST_F(CompileTest, GivesAnObjectWithTheKernelUnderItsSymbol) {
  const Compiled c = Compiler(root).compile(small());
  ASSERT_EQ(c.outcome, Outcome::ok) << c.detail;
  EXPECT_EQ(c.detail, "");
  EXPECT_EQ(c.key.size(), 64u);
  EXPECT_EQ(c.symbol, "halcyon_" + c.key.substr(0, 16));
  EXPECT_FALSE(c.from_cache);
  EXPECT_GT(c.seconds, 0);
  EXPECT_EQ(c.assembly + c.stmt + c.loop_nest, "");
  const std::string object = bytes_in(c.object);
  EXPECT_EQ(c.object_sha256, sha256_hex(object));
  EXPECT_EQ(object.substr(0, 4),
            "\x7f"
            "ELF");
  for (const char* suffix : {"", "_argv", "_metadata"})
    EXPECT_TRUE(contains(object, c.symbol + suffix + '\0')) << suffix;
  // The runtime is linked once for all kernels, and timed kernels have no asserts in them.
  EXPECT_FALSE(contains(object, "halide_error_bad_type"));
  expect_clean();
}

TEST_F(CompileTest, ASecondTimeItComesFromTheCache) {
  const Compiled first = Compiler(root).compile(small());
  const Compiled second = Compiler(root).compile(small());
  EXPECT_TRUE(second.from_cache);
  EXPECT_EQ(second.outcome, Outcome::ok);
  EXPECT_EQ(second.seconds, 0);
  EXPECT_EQ(second.object, first.object);
  EXPECT_EQ(second.object_sha256, first.object_sha256);
  EXPECT_EQ(second.symbol, first.symbol);
}

TEST_F(CompileTest, ADamagedObjectIsCompiledAgain) {
  const Compiled first = Compiler(root).compile(small());
  const std::string good = bytes_in(first.object);
  std::string bad = good;
  bad[good.size() / 2] ^= 1;
  std::ofstream(first.object, std::ios::binary) << bad;
  const Compiled second = Compiler(root).compile(small());
  EXPECT_FALSE(second.from_cache);
  EXPECT_EQ(second.outcome, Outcome::ok) << second.detail;
  EXPECT_TRUE(bytes_in(second.object) == good);
}

// Each part of the key alone; catches one that was left out, which would serve a wrong object.
TEST_F(CompileTest, WhatMakesAnotherObjectMakesAnotherKey) {
  Compiler compiler(root, 2);
  std::vector<Candidate> all(4, small());
  all[1].problem = Problem::parse("1x4x4x24 | hardswish");
  all[2].schedule = parse_schedule("out: vectorize c 4");
  all[3].target = find_target("x86-zen4", kTargets);
  std::vector<std::string> keys;
  for (const Compiled& c : compiler.compile_all(all, {})) {
    EXPECT_EQ(c.outcome, Outcome::ok) << c.detail;
    keys.push_back(c.key);
  }
  const Compiled checked = compiler.compile(small(), {.checked = true});
  EXPECT_EQ(checked.outcome, Outcome::ok) << checked.detail;
  EXPECT_TRUE(contains(bytes_in(checked.object), "halide_error_bad_type"));
  keys.push_back(checked.key);
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(std::unique(keys.begin(), keys.end()), keys.end());
  // The facts that only recipes read do not reach the object.
  Candidate renamed = small();
  renamed.target.name = "other";
  renamed.target.l2_bytes = 1;
  EXPECT_TRUE(compiler.compile(renamed).from_cache);
}

const char* kChain = "1x6x6x16 | dw 3x3 relu | pw 16 gelu";

/// Run by the next test in a process of its own.
TEST_F(CompileTest, DISABLED_PrintTheDigestOfAnObject) {
  Compiler compiler(root, 2);
  compiler.compile(small());  // another history than the other process has
  std::printf("digest %s\n", compiler.compile(candidate(kChain)).object_sha256.c_str());
}

// Halide numbers its names per process, and they show in the object: catches a compilation that is
// not in a fork of its own, or that comes after a warm-up of another length.
TEST_F(CompileTest, ObjectsAreTheSameBytesInEveryProcess) {
  const Compiled here = Compiler(root).compile(candidate(kChain));
  ASSERT_EQ(here.outcome, Outcome::ok) << here.detail;
  const Ended there = run_program({.wall_seconds = 120, .processes = 0},
                                  {"/proc/self/exe", "--gtest_also_run_disabled_tests",
                                   "--gtest_filter=CompileTest.DISABLED_PrintTheDigestOfAnObject"});
  EXPECT_TRUE(contains(there.output, "digest " + here.object_sha256)) << there.output;
}

TEST_F(CompileTest, TextsAreKeptOnDemandAndChangeNothing) {
  const Compiled without = Compiler(root).compile(small());
  const Compiled with = Compiler(root).compile(small(), {.keep_text = true});
  ASSERT_EQ(with.outcome, Outcome::ok) << with.detail;
  EXPECT_FALSE(with.from_cache);
  EXPECT_EQ(with.object_sha256, without.object_sha256);
  EXPECT_TRUE(contains(bytes_in(with.assembly), with.symbol + ":")) << bytes_in(with.assembly);
  EXPECT_TRUE(contains(bytes_in(with.stmt), "produce out")) << bytes_in(with.stmt);
  EXPECT_TRUE(contains(bytes_in(with.loop_nest), "vectorized")) << bytes_in(with.loop_nest);
  EXPECT_TRUE(Compiler(root).compile(small(), {.keep_text = true}).from_cache);
  EXPECT_TRUE(Compiler(root).compile(small()).from_cache);
  expect_clean();
}

TEST_F(CompileTest, WhatAScheduleMayNotDoIsACompileErrorOfOneLine) {
  const Compiled result =
      Compiler(root).compile(candidate("1x4x4x16 | relu", "out: vectorize nowhere 8"));
  EXPECT_EQ(result.outcome, Outcome::compile_error) << result.detail;
  EXPECT_FALSE(result.detail.empty());
  EXPECT_FALSE(contains(result.detail, "\n")) << result.detail;
  EXPECT_EQ(result.object, "");
  expect_clean();
}

TEST_F(CompileTest, TimeAndMemoryAreLimited) {
  const Candidate large = candidate("1x1x1x5000 | gelu", "out: unroll c");
  const Compiled late = Compiler(root).compile(large, {.limits = {.wall_seconds = 0.2}});
  EXPECT_EQ(late.outcome, Outcome::compile_timeout) << late.detail;
#ifndef __SANITIZE_ADDRESS__
  std::int64_t pages = 0;  // a fork begins with what this process has
  std::ifstream("/proc/self/statm") >> pages;
  // The first is too little for the stack that Halide compiles on, the second for the objects.
  for (std::int64_t more : {1 << 20, 48 << 20}) {
    const std::int64_t limit = pages * sysconf(_SC_PAGESIZE) + more;
    const Compiled fat = Compiler(root).compile(candidate("1x1x1x3000 | gelu", "out: unroll c"),
                                                {.limits = {.memory_bytes = limit}});
    EXPECT_EQ(fat.outcome, Outcome::compile_oom) << fat.detail;
  }
#endif
  expect_clean();
}

TEST_F(CompileTest, OneFailureLeavesTheOthersAlone) {
  const std::vector<Candidate> all = {small(), candidate("1x4x4x16 | relu", "out: unroll nowhere"),
                                      candidate("1x4x4x16 | relu6")};
  std::vector<int> done(all.size());
  const auto results = Compiler(root, 2).compile_all(
      all, {}, [&](std::size_t i, const Compiled& c) { done[i] += c.key.empty() ? 100 : 1; });
  EXPECT_EQ(done, (std::vector<int>{1, 1, 1}));
  EXPECT_EQ(results[0].outcome, Outcome::ok) << results[0].detail;
  EXPECT_EQ(results[1].outcome, Outcome::compile_error);
  EXPECT_EQ(results[2].outcome, Outcome::ok) << results[2].detail;
}

TEST_F(CompileTest, TheRuntimeIsCompiledOncePerTarget) {
  Compiler compiler(root);
  const std::string object = compiler.runtime_object(small().target);
  EXPECT_TRUE(contains(bytes_in(object), std::string("halide_malloc") + '\0'));
  const auto written = fs::last_write_time(object);
  EXPECT_EQ(Compiler(root).runtime_object(small().target), object);
  EXPECT_EQ(fs::last_write_time(object), written);
  Target bad = small().target;
  bad.halide = "x86-64-linux-nonsense";
  try {
    compiler.runtime_object(bad);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::infrastructure);
    EXPECT_TRUE(contains(e.what(), "nonsense")) << e.what();
  }
}

/// What a child with this end means.
Outcome outcome_of(Ended::How how, int code, const std::string& output, const std::string& result,
                   std::string* detail) {
  Ended e;
  e.how = how;
  e.code = code;
  e.output = output;
  e.result = result;
  return compile_outcome(e, detail);
}

// A disk that is full is no fault of the candidate: recorded as one, it would never be tried again.
TEST(CompileOutcome, TellsTheCandidatesFaultFromTheMachines) {
  std::string detail;
  EXPECT_EQ(
      outcome_of(Ended::exited, 1,
                 "LLVM ERROR: IO failure on output stream: No space left on device\n", "", &detail),
      Outcome::infra);
  EXPECT_TRUE(contains(detail, "No space left on device")) << detail;
  EXPECT_EQ(outcome_of(Ended::exited, 1, "LLVM ERROR: Cannot select\n", "", &detail),
            Outcome::compile_crash);
  EXPECT_EQ(detail, "exit code 1: LLVM ERROR: Cannot select");
  EXPECT_EQ(outcome_of(Ended::signalled, SIGABRT, "LLVM ERROR: out of memory\n", "", &detail),
            Outcome::compile_oom);
  EXPECT_EQ(outcome_of(Ended::signalled, SIGFPE, "", "", &detail), Outcome::compile_crash);
  EXPECT_EQ(detail, "signal SIGFPE");
  EXPECT_EQ(outcome_of(Ended::cpu_timeout, SIGXCPU, "", "", &detail), Outcome::compile_timeout);
  EXPECT_EQ(outcome_of(Ended::out_of_memory, 1, "", "", &detail), Outcome::compile_oom);
}

// Without asserts Halide only warns, and the kernel writes out of bounds.
TEST(CompileOutcome, AKernelSureToFailAnAssertionIsAnError) {
  std::string detail;
  EXPECT_EQ(outcome_of(Ended::exited, 0,
                       "Warning: This pipeline is guaranteed to fail an assertion at runtime: \n"
                       "halide_error_bad_extent()\n",
                       "done", &detail),
            Outcome::compile_error);
  EXPECT_EQ(detail, "it would fail as soon as it runs: halide_error_bad_extent()");
  EXPECT_EQ(outcome_of(Ended::exited, 0, "Warning: of something else\n", "done", &detail),
            Outcome::ok);
  EXPECT_EQ(detail, "");
}

}  // namespace
}  // namespace halcyon
