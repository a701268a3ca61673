#include "suites/request/name_space.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "results/files/temporary_folder.h"

namespace halcyon {
namespace {

Folders folders() {
  Folders f;
  f.suites = HALCYON_SOURCE_DIR "/suites/micro";
  f.networks = HALCYON_SOURCE_DIR "/suites/networks";
  f.targets = HALCYON_SOURCE_DIR "/schedules/targets";
  return f;
}

std::string refusal(const std::string& what, const Folders& f) {
  return refusal_of([&] { what_is(what, f); });
}

TEST(NameSpace, TellsProblemsSuitesAndNetworksApart) {
  EXPECT_EQ(what_is("1x1x1x8 | relu", folders()).named, Named::problem);
  EXPECT_EQ(what_is("smoke", folders()).named, Named::suite);
  EXPECT_EQ(what_is("henet_tinym", folders()).named, Named::network);
  EXPECT_EQ(what_is(folders().suites + "/smoke.json", folders()).named, Named::suite);
  EXPECT_EQ(what_is(folders().networks + "/resnet18.json", folders()).named, Named::network);
  EXPECT_EQ(what_is("somewhere/model.onnx", folders()).named, Named::network);
}

TEST(NameSpace, GuessesOverSuitesAndNetworks) {
  EXPECT_NE(refusal("smoek", folders()).find("'smoke'"), std::string::npos);
  EXPECT_NE(refusal("henet_tinymm", folders()).find("'henet_tinym'"), std::string::npos);
}

TEST(NameSpace, GuessesShortNames) {
  const auto guesses = [](const char* what, const char* name) {
    EXPECT_NE(refusal(what, folders()).find("did you mean '" + std::string(name) + "'"),
              std::string::npos)
        << refusal(what, folders());
  };
  guesses("MobileNetV3-L", "mobilenet_v3_large");
  guesses("v3-s", "mobilenet_v3_small");
  guesses("b0", "efficientnet_b0");
  guesses("Kernels", "kernels");
}

TEST(NameSpace, SaysThatAProblemStandsInQuotes) {
  for (const char* piece : {"1x14x14x192", "f32 1x14x14x192"})
    EXPECT_NE(refusal(piece, folders()).find("in quotes, as in \"" + std::string(piece) + " | "),
              std::string::npos)
        << refusal(piece, folders());
  EXPECT_EQ(refusal("1x14x14", folders()).find("in quotes"), std::string::npos);
}

TEST(NameSpace, TellsATargetByItsFileAndRunsNone) {
  const std::string path = folders().targets + "/x86-avx2.json";
  EXPECT_EQ(what_is_shown(path, folders()).named, Named::target);
  EXPECT_EQ(what_is_shown("x86-avx2", folders()).named, Named::target);
  EXPECT_EQ(what_is_shown("host", folders()).named, Named::target);
  EXPECT_EQ(what_is_shown(path, folders()).target->name, "x86-avx2");
  EXPECT_EQ(what_is_shown("smoke", folders()).named, Named::suite);
  EXPECT_NE(refusal(path, folders()).find("--target takes"), std::string::npos);
}

TEST(NameSpace, RefusesAFileThatIsNothingToRun) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/results.json";
  std::ofstream(path) << R"({"run": 1})";
  EXPECT_NE(refusal(path, folders()).find("'suite' and 'network'"), std::string::npos);
}

TEST(NameSpace, RefusesANameThatIsBoth) {
  const TemporaryFolder folder;
  Folders f = folders();
  f.networks = folder.path();
  std::filesystem::copy(folders().suites + "/smoke.json", folder.path() + "/smoke.json");
  EXPECT_NE(refusal("smoke", f).find("names both"), std::string::npos);
}

}  // namespace
}  // namespace halcyon
