// What a user types wrong, or in other words than ours: refused in one line that says what is
// allowed.
#include "halcyon_program.h"
#include "schedules/targets/host.h"

namespace halcyon {
namespace {

TEST_F(Program, RefusesWhatItWouldIgnore) {
  for (const Words& bad :
       std::vector<Words>{{"bench", "smoke", "--peers", "--state", "cold"},
                          {"bench", "smoke", "--layers"},
                          {"bench", "smoke", "--rounds", "4"},
                          {"bench", "smoke", "--against-build", "HEAD", "--rounds", "2"},
                          {"bench", "smoke", "--against-build", "HEAD", "--against", "recipe"},
                          {"bench", "smoke", "--against-build", "no-such-commit"},
                          {"bench", "smoke", "--against-build", "--quick"},
                          {"bench", "1x4x4x8 | pw 8", "--explain"},
                          {"bench", "smoke", "--batch", "1"},
                          {"bench", "resnet18", "--state", "cold-weights"},
                          {"bench", "resnet18", "--filter", "pw"},
                          {"check", "smoke", "--cpu", "0"},
                          {"check", "smoke", "--state", "cold"},
                          {"check", "smoke", "--quick"},
                          {"bench", "smoke", "--target", "j6m", "--cpu", "0"},
                          {"export", "resnet18", "--cut", "ops", "-o", path("x.onnx")},
                          {"tune", "smoke", "--replay", "x.json", "--budget", "3"}})
    expect_refused(bad);
  EXPECT_NE(expect_refused({"check", "smoke", "--cpu", "0"}).find("bench, tune"),
            std::string::npos);
}

TEST_F(Program, RefusesEveryNumberOutsideOfItsRange) {
  for (const Words& bad :
       std::vector<Words>{{"check", "smoke", "--seed", "-1"},
                          {"check", "smoke", "--seed", "99999999999999999999"},
                          {"check", "smoke", "--seed", "1x"},
                          {"check", "smoke", "--seed", ""},
                          {"check", "smoke", "--threads", "nan"},
                          {"check", "smoke", "--jobs", "0"},
                          {"tune", "1x1x1x8 | relu", "--minutes", "nan"},
                          {"tune", "1x1x1x8 | relu", "--minutes", "inf"},
                          {"tune", "1x1x1x8 | relu", "--minutes", "-1"},
                          {"tune", "1x1x1x8 | relu", "--budget", "1e3"},
                          {"tune", "1x1x1x8 | relu", "--against-itself", "0"},
                          {"show", "resnet18", "--batch", "1025"},
                          {"show", "resnet18", "--resolution", "16385"},
                          {"check", "1x7x7x16 | pw 9", "--point", "tile_p=4 tile_c=8x"}}) {
    const std::string line = expect_refused(bad);
    EXPECT_EQ(line.find("internal"), std::string::npos) << line;
  }
  EXPECT_NE(expect_refused({"check", "smoke", "--seed", "-1"}).find("0 to 2^64-1"),
            std::string::npos);
  const std::string cpu = expect_refused({"bench", "1x1x1x8 | relu", "--cpu", "1023"});
  EXPECT_NE(cpu.find("allowed on target host are CPUs " + cpu_list_text(allowed_cpus())),
            std::string::npos)
      << cpu;
}

TEST_F(Program, SaysInOneLineWhatAWordMeansHere) {
  const auto says = [](const Words& words, const std::string& what) {
    const std::string line = expect_refused(words);
    EXPECT_NE(line.find(what), std::string::npos) << line;
  };
  says({"check", "MobileNetV3-L"}, "did you mean 'mobilenet_v3_large'?");
  says({"export", "b0", "-o", path("x.onnx")}, "did you mean 'efficientnet_b0'?");
  says({"bench", "1x14x14x96"}, "in quotes, as in \"1x14x14x96 | ");
  says({"bench", "1x14x14x96", "dw", "3x3"}, "in quotes");
  says({"show", "1x14x14x96", "dw", "3x3"}, "in quotes");
  says({"check", "1x14x14x96 | pw 8 swish"}, "did you mean 'silu'?");
  says({"check", "smoke", "--source", "adams"}, "allowed are tuned, recipe, ");
  says({"check", "1x1x1x8 | relu", "--schedule", path("nofile")}, "nofile: cannot be opened");
  says({"check", "1x1x1x8 | relu", "--schedule", folder_.path()}, "found a folder");
  says({"bench", "resnet18", "--peers", "--peer-dtype", "u8"}, "allowed are f32, bf16, i8");
  says({"help", "bnech"}, "did you mean 'bench'?");
  fs::copy(HALCYON_SOURCE_DIR "/suites/micro/smoke.json", path("other.json"));
  says({"check", path("other.json")}, "found 'smoke', the file's name says 'other'");
}

TEST_F(Program, ShowsATargetByItsFile) {
  const Ended by_path = halcyon({"show", HALCYON_SOURCE_DIR "/schedules/targets/x86-avx2.json"});
  EXPECT_EQ(by_path.code, 0) << by_path.output;
  EXPECT_EQ(by_path.output, halcyon({"show", "x86-avx2"}).output);
}

TEST_F(Program, HelpIsToldInEveryWay) {
  const Ended all = halcyon({"help"}), bench = halcyon({"help", "bench"});
  EXPECT_EQ(all.code, 0);
  EXPECT_EQ(all.output, halcyon({"--help"}).output);
  EXPECT_EQ(bench.code, 0);
  EXPECT_EQ(bench.output, halcyon({"bench", "--help"}).output);
  EXPECT_NE(bench.output.find("--peers"), std::string::npos);
  std::istringstream lines(all.output + bench.output);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
}

TEST_F(Program, RunFindsAMissingFileBeforeItCompiles) {
  const Ended e = halcyon({"run", "resnet18", "--resolution", "32", "--input", path("none.npy"),
                           "--output", path("out.npy")});
  EXPECT_EQ(e.code, 3) << e.output;
  EXPECT_NE(e.output.find("--input: "), std::string::npos) << e.output;
  EXPECT_EQ(e.output.find("compiling"), std::string::npos) << e.output;
  expect_refused({"run", "resnet18", "--resolution", "32", "--input", path("none.npy"), "--output",
                  path("nowhere/out.npy")});
}

TEST_F(Program, RefusesWhatDoesNotFitIntoMemoryAtOnce) {
  for (const Words& bad :
       std::vector<Words>{{"check", "1x4096x4096x16 | pw 16", "-o", out()},
                          {"check", "1x65536x32768x64 | relu", "-o", out()},
                          {"show", "1x65536x32768x64 | relu"},
                          {"bench", "1x4096x4096x16 | pw 16", "-o", out()},
                          {"tune", "1x4096x4096x16 | pw 16", "-o", out()},
                          {"check", "resnet18", "--resolution", "16384", "-o", out()}}) {
    const std::string line = expect_refused(bad);
    EXPECT_EQ(line.find("guaranteed to fail"), std::string::npos) << line;
    EXPECT_NE(line.find("allowed"), std::string::npos) << line;
  }
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(Program, PublishesARunOnce) {
  ASSERT_EQ(halcyon({"check", "1x1x1x8 | relu", "-q", "-o", out()}).code, 0);
  fs::copy(out(), path("copy"), fs::copy_options::recursive);
  for (const std::string& second : {out(), out() + "/results.json", path("copy")})
    expect_refused({"publish", out(), second, "-o", path("page")});
  const std::string line =
      expect_refused({"publish", out(), "--export", "cvs", "-o", path("page")});
  EXPECT_NE(line.find("did you mean 'csv'?"), std::string::npos) << line;
  EXPECT_FALSE(fs::exists(path("page")));
}

}  // namespace
}  // namespace halcyon
