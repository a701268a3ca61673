// A project of three files stands for ours: what is built, when and with what, not how long.
#include "suites/runs/other_build.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "kernels/text_file.h"
#include "schedules/fence/child.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

class OtherBuildTest : public testing::Test {
 protected:
  OtherBuildTest() {
    write(".ci/setup", "");
    write(".ci/requirements.txt", "one\n");
    write(".ci/benchmark.txt", "");
    write(".gitignore", "/.deps/\n/build/\n");
    write(".deps/venv.stamp", "");
    write("Makefile",
          "build:\n\tmkdir -p build && cp program build/halcyon && echo once >> " + log_ + "\n");
    write("program", "#!/bin/sh\n");
    fs::permissions(root_ + "/program", fs::perms::owner_all);
    git({"init", "--quiet"});
    commit();
    folders_.root = root_;
    folders_.cache = folder_.path("cache");
  }
  void write(const std::string& path, const std::string& text) {
    folder_.write("root/" + path, text);
  }
  void git(std::vector<std::string> words) {
    const std::vector<std::string> first = {
        "git", "-C", root_, "-c", "user.name=x", "-c", "user.email=x@x.example"};
    words.insert(words.begin(), first.begin(), first.end());
    const Ended e = run_program({.wall_seconds = 60, .processes = 0}, words);
    ASSERT_EQ(e.code, 0) << e.output;
  }
  void commit() {
    git({"add", "."});
    git({"commit", "--quiet", "-m", "a state"});
  }
  OtherBuild build(const std::string& which) { return other_build(which, folders_, silent_); }
  int builds() const {
    const std::string log = text_if_readable(log_);
    return static_cast<int>(std::count(log.begin(), log.end(), '\n'));
  }
  static fs::path folder_of(const OtherBuild& b) {
    return fs::path(b.program).parent_path().parent_path();
  }

  const TestFolder folder_;
  const std::string root_ = folder_.path("root"), log_ = folder_.path("log");
  Folders folders_;
  Progress silent_{Progress::Style::silent};
};

TEST_F(OtherBuildTest, OfACommitIsMadeOnceAndKept) {
  const OtherBuild first = build("HEAD");
  EXPECT_EQ(access(first.program.c_str(), X_OK), 0) << first.program;
  EXPECT_EQ(first.name.size(), std::string("build 0123456789ab").size()) << first.name;
  EXPECT_EQ(build("HEAD").program, first.program);
  EXPECT_EQ(build("HEAD~0").name, first.name);
  EXPECT_EQ(builds(), 1);
  write("program", "#!/bin/sh\nexit 3\n");
  commit();
  EXPECT_NE(build("HEAD").program, first.program);
  EXPECT_EQ(build("HEAD~1").program, first.program);
  EXPECT_EQ(builds(), 2);
}

TEST_F(OtherBuildTest, IsMadeOfTheCommitAndNotOfWhatLiesThere) {
  write("program", "not committed");
  EXPECT_EQ(text_if_readable(build("HEAD").program), "#!/bin/sh\n");
}

// Its set-up would take as long as the building.
TEST_F(OtherBuildTest, TakesWhatIsInstalledWhereTheCommitAsksForTheSame) {
  write(".ci/lint", "another tool\n");
  commit();
  EXPECT_TRUE(fs::is_symlink(folder_of(build("HEAD~1")) / ".deps"));
  write(".ci/requirements.txt", "two\n");
  commit();
  EXPECT_TRUE(fs::is_symlink(folder_of(build("HEAD")) / ".deps"));
  fs::remove_all(folder_.path("cache"));
  EXPECT_FALSE(fs::exists(folder_of(build("HEAD~1")) / ".deps"));
  EXPECT_TRUE(fs::exists(root_ + "/.deps/venv.stamp"));
}

TEST_F(OtherBuildTest, ThatCannotBeMadeSaysWhyAndIsTriedAgain) {
  write("Makefile", "build:\n\t@echo 'x.cpp:1:2: error: no such word' && false\n");
  commit();
  for (int i = 0; i < 2; i++) {
    const std::string why = refusal_of([&] { build("HEAD"); }, Exit::infrastructure);
    EXPECT_NE(why.find("cannot be built: make: "), std::string::npos) << why;
    EXPECT_NE(why.find("no such word"), std::string::npos) << why;
    EXPECT_EQ(why.find('\n'), std::string::npos) << why;
  }
}

TEST_F(OtherBuildTest, GoesOnWithWhatAnInterruptLeft) {
  write("Makefile",
        "build:\n\ttest -e half || { touch half; false; }\n"
        "\tmkdir -p build && cp program build/halcyon\n");
  commit();
  refusal_of([&] { build("HEAD"); }, Exit::infrastructure);
  EXPECT_TRUE(fs::exists(build("HEAD").program));
}

TEST_F(OtherBuildTest, IsAProgramOrACheckoutThatWasBuilt) {
  folder_.write("other/build/halcyon", "");
  const std::string program = folder_.path("other/build/halcyon");
  fs::permissions(program, fs::perms::owner_all);
  EXPECT_EQ(build(program).program, program);
  EXPECT_EQ(build(folder_.path("other")).program, program);
  EXPECT_EQ(build(folder_.path("other")).name, "build " + folder_.path("other"));
  EXPECT_EQ(refusal_of([&] {
              build("no-such");
            }).find("--against-build 'no-such': neither a program, nor a checkout"),
            0u);
  EXPECT_EQ(refusal_of([&] { build("-no-such"); }).find("--against-build '-no-such': neither"), 0u);
  EXPECT_EQ(builds(), 0);
}

}  // namespace
}  // namespace halcyon
