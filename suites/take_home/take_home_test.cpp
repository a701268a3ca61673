// What `emit` leaves, built and run by nothing of ours: make and a C compiler.
#include "suites/take_home/take_home.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "results/files/temporary_folder.h"
#include "schedules/fence/child.h"
#include "suites/take_home/take_home_text.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

class Emit : public testing::Test {
 protected:
  Request request(const std::string& problem, const std::string& target = "host") const {
    const std::string root = HALCYON_SOURCE_DIR;
    Request r;
    r.folders = {
        root, root + "/schedules/targets", root + "/suites/micro", folder_.path() + "/cache",
        "",   root + "/suites/networks"};
    r.what = {problem};
    r.target = target;
    r.seed = 7;
    r.out = out();
    return r;
  }
  std::string out() const { return folder_.path() + "/made/kernel"; }
  void emit(const Request& r, const std::string& name = "block") {
    Progress silent(Progress::Style::silent);
    take_home(run_plan(r), name, silent);
  }
  /// The line with which it is refused; nothing may be left of it.
  std::string refused(const Request& r, Exit code, const std::string& name = "block") {
    try {
      emit(r, name);
    } catch (const Error& e) {
      EXPECT_EQ(e.code, code) << e.what();
      EXPECT_FALSE(fs::exists(folder_.path() + "/made")) << e.what();
      return e.what();
    }
    ADD_FAILURE() << "not refused: " << r.what.front();
    return "";
  }
  Ended make_run() const {
    return run_program(
        {.wall_seconds = 120, .processes = 0},
        {"make", "-C", out(), "run", "CFLAGS=-O1 -std=c11 -Wall -Wextra -Wshadow -Werror"});
  }
  void expect_ok() const {
    const Ended e = make_run();
    EXPECT_EQ(e.how, Ended::exited);
    EXPECT_EQ(e.code, 0) << e.output;
    EXPECT_NE(e.output.find("\nok\n"), std::string::npos) << e.output;
  }
  TemporaryFolder folder_;
};

// Tails in channels and points, two packed weights, a further input, two outputs.
constexpr const char* kTails = "1x7x5x6 | conv 3x2 21 hardswish | pw 13 add sums";

TEST_F(Emit, TheExampleAgreesWithPlainLoopsAndSaysSoWhenAResultIsWrong) {
  emit(request(kTails));
  const auto described = nlohmann::json::parse(bytes_in(out() + "/arguments.json"));
  int packed = 0;
  for (const auto& argument : described.at("arguments"))
    packed += argument.at("packed").get<bool>();
  EXPECT_GE(packed, 2);
  EXPECT_EQ(described.at("checked"), true);
  expect_ok();
  std::fstream data(out() + "/data/out.f32", std::ios::in | std::ios::out | std::ios::binary);
  data.seekp(4 * 17);
  const float wrong = 1000;
  data.write(reinterpret_cast<const char*>(&wrong), sizeof wrong);
  data.close();
  const Ended e = make_run();
  EXPECT_NE(e.code, 0);
  EXPECT_NE(e.output.find("1 of 364 elements wrong"), std::string::npos) << e.output;
}

TEST_F(Emit, EveryDtypeIsTakenHome) {
  for (const char* dtype : {"i8 ", "bf16 ", "f16 "}) {
    emit(request(dtype + std::string("1x7x5x8 | dw 3x3 | pw 13 relu add")));
    expect_ok();
    fs::remove_all(folder_.path() + "/made");
  }
}

TEST_F(Emit, PacksAlongSeveralAxesOfAScheduleOfOnesOwn) {
  const std::string steps = folder_.path() + "/own.steps";
  std::ofstream(steps) << "w: pack c 4\nw: pack k 3\nw: round kx 4\nb: round c 8\n";
  Request r = request("1x6x5x7 | conv 3x2 10");
  r.schedule_file = steps;
  emit(r);
  expect_ok();
}

TEST_F(Emit, TransformsWeightsForWinogradsTiles) {
  const std::string steps = folder_.path() + "/own.steps";
  std::ofstream(steps) << "w: winograd 4 tiles\nw: pack c 4\ntiles: compute_root\n"
                          "acc: compute_root\ntiles_products: compute_root\n";
  Request r = request("1x6x5x7 | conv 3x3 10 relu");
  r.schedule_file = steps;
  emit(r);
  expect_ok();
}

TEST_F(Emit, RunsOnTheBoardsArchitecture) {
  try {
    emit(request(kTails, "j6m"));
  } catch (const Error& e) {
    if (std::string(e.what()).find("make setup-cross") == std::string::npos) throw;
    GTEST_SKIP() << e.what();
  }
  const auto described = nlohmann::json::parse(bytes_in(out() + "/arguments.json"));
  if (described.at("checked") == false) GTEST_SKIP() << "no emulator: run make setup-cross";
  expect_ok();
}

TEST_F(Emit, LeavesNothingOfWhatItRefuses) {
  EXPECT_NE(refused(request("kernels"), Exit::usage).find("no problem"), std::string::npos);
  EXPECT_NE(refused(request(kTails), Exit::usage, "2nd").find("--name"), std::string::npos);
  Request r = request("1x4x4x6 | pw 10");
  r.schedule_file = folder_.path() + "/own.steps";
  std::ofstream(r.schedule_file) << "w: pack q 4\n";
  EXPECT_NE(refused(r, Exit::usage).find("no axis 'q'"), std::string::npos);
}

TEST_F(Emit, KeepsWhatIsInTheWay) {
  fs::create_directories(out());
  std::ofstream(out() + "/mine") << "mine";
  EXPECT_THROW(emit(request("1x4x4x6 | pw 10")), Error);
  EXPECT_EQ(bytes_in(out() + "/mine"), "mine");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path() + "/made"), {}), 1);
}

TEST(Templates, MarksAreFilledInAndForgottenOnesNoticed) {
  EXPECT_EQ(filled_in("a @X@ b$@ @x@ @@ @X@", {{"X", "1"}}), "a 1 b$@ @x@ @@ 1");
  EXPECT_THROW(filled_in("@Y@", {{"X", "1"}}), std::logic_error);
}

}  // namespace
}  // namespace halcyon
