// What `bench --bundle` leaves, run by nothing of ours.
#include "suites/runs/kept_bundle.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "results/files/temporary_folder.h"
#include "schedules/fence/child.h"
#include "suites/graph/sample_graphs.h"
#include "suites/onnx/writing/export.h"
#include "suites/runs/run.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProblem = "1x7x5x6 | dw 3x3 | pw 13";

class KeptBundle : public testing::Test {
 protected:
  KeptBundle() {
    const std::string root = HALCYON_SOURCE_DIR;
    request_.folders = {
        root, root + "/schedules/targets", root + "/suites/micro", folder_.path() + "/cache",
        "",   root + "/suites/networks"};
    request_.quick = true;
    request_.what = {kProblem};
    request_.bundle = dir();
    // This machine, but for a flag: nothing is measured, and the program is left all the same.
    Target board = detect_host();
    board.name = "board";
    board.needs.emplace_back("a_flag_of_no_cpu");
    request_.target = folder_.path() + "/board.json";
    std::ofstream(request_.target) << to_json(board).dump();
  }
  std::string dir() const { return folder_.path() + "/kept"; }
  Document bench() { return run(Verb::bench, run_plan(request_), silent_); }
  std::string network() const {
    Graph graph = sample_network();
    seed_parameters(graph, 1);
    const std::string model = folder_.path() + "/sample.onnx";
    write_onnx(graph, model);
    return model;
  }
  static Ended started(std::vector<std::string> words) {
    return run_program({.wall_seconds = 60, .processes = 0}, words);
  }
  /// What a bundle's program says that it can run.
  static std::vector<std::string> listed(const std::string& program) {
    std::istringstream lines(started({program, "--benchmark_list_tests"}).output);
    std::vector<std::string> names;
    for (std::string line; std::getline(lines, line);) names.push_back(line);
    return names;
  }
  static void expect_runs(std::vector<std::string> words) {
    words.push_back("--benchmark_min_time=0.001");
    const Ended e = started(words);
    EXPECT_EQ(e.how, Ended::exited);
    EXPECT_EQ(e.code, 0) << e.output;
    EXPECT_NE(e.output.find(" ns "), std::string::npos) << e.output;
  }
  std::string refusal() {
    return refusal_of([&] { bench(); });
  }

  const TemporaryFolder folder_;
  Request request_;
  Progress silent_{Progress::Style::silent};
};

TEST_F(KeptBundle, IsAGoogleBenchmarkProgramThatRunsFromAnywhere) {
  request_.what.emplace_back("1x6x6x8 | pw 8 relu");
  bench();
  const std::string elsewhere = folder_.path() + "/moved to";
  fs::rename(dir(), elsewhere);
  fs::remove_all(request_.folders.cache);
  const std::string program = elsewhere + "/bench";
  const std::vector<std::string> names = listed(program);
  ASSERT_EQ(names.size(), 2u);
  expect_runs({program});
  const Ended one = started({program, "--benchmark_filter=" + names[1], "--benchmark_min_time=0"});
  EXPECT_EQ(one.output.find(names[0]), std::string::npos) << one.output;
  EXPECT_NE(one.output.find(names[1]), std::string::npos) << one.output;
  EXPECT_TRUE(fs::exists(elsewhere + "/README.txt"));
}

TEST_F(KeptBundle, HoldsAProgramOfTheCasesAndOneOfEachNetwork) {
  request_.what.push_back(network());
  const Document d = bench();
  EXPECT_EQ(d.networks.at(0).outcome, Outcome::not_runnable);
  const std::string name = d.networks.at(0).network;
  EXPECT_EQ(listed(dir() + "/cases/bench").size(), 1u);
  const std::string program = dir() + "/" + name + "/bench";
  const std::vector<std::string> names = listed(program);
  EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << "the whole network";
  EXPECT_GT(names.size(), 1u) << "and its kernels";
  expect_runs({program, "--benchmark_filter=^" + name + "$"});
}

TEST_F(KeptBundle, OfANetworkAloneIsTheFolderItself) {
  request_.what = {network()};
  bench();
  EXPECT_GT(listed(dir() + "/bench").size(), 1u);
}

TEST_F(KeptBundle, RunsOnTheBoardsArchitecture) {
  request_.target = "j6m";
  request_.what.push_back(network());
  try {
    bench();
  } catch (const Error& e) {
    if (std::string(e.what()).find("make setup-cross") == std::string::npos) throw;
    GTEST_SKIP() << e.what();
  }
  for (const auto& item : fs::directory_iterator(dir()))
    if (item.is_directory()) {
      char machine[20] = {};
      std::ifstream(item.path() / "bench", std::ios::binary).read(machine, sizeof machine);
      EXPECT_EQ(machine[18], static_cast<char>(0xb7)) << "an ELF file of aarch64";
      if (!started({"qemu-aarch64", "--version"}).output.starts_with("qemu-aarch64")) continue;
      expect_runs({"qemu-aarch64", (item.path() / "bench").string()});
    }
}

TEST_F(KeptBundle, ReplacesWhatAFormerOneLeftAndNothingElse) {
  bench();
  const std::string first = listed(dir() + "/bench").at(0);
  request_.what = {"1x6x6x8 | pw 8 relu"};
  bench();
  EXPECT_NE(listed(dir() + "/bench").at(0), first);
  std::ofstream(dir() + "/times.txt") << "mine";
  EXPECT_NE(refusal().find("holds 'times.txt'"), std::string::npos);
  fs::remove(dir() + "/times.txt");
  fs::remove(dir() + "/bundle.json");
  EXPECT_NE(refusal().find("no --bundle left there"), std::string::npos);
  fs::remove_all(dir());
  std::ofstream(dir()) << "mine";
  EXPECT_NE(refusal().find("no folder"), std::string::npos);
  EXPECT_EQ(fs::file_size(dir()), 4u);
  int parts = 0;
  for (const auto& item : fs::directory_iterator(folder_.path()))
    parts += item.path().string().find(".part-") != std::string::npos;
  EXPECT_EQ(parts, 0);
}

TEST_F(KeptBundle, IsRefusedWhereItWouldTakeResultsWithItOrHoldManySchedules) {
  request_.out = dir() + "/results";
  EXPECT_NE(refusal().find("-o names another folder"), std::string::npos);
  request_.out = "";
  request_.sweep = Sweep::all;
  EXPECT_NE(refusal().find("--sweep"), std::string::npos);
  EXPECT_FALSE(fs::exists(dir()));
}

}  // namespace
}  // namespace halcyon
