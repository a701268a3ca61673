#include "suites/name_space.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "kernels/error.h"
#include "suites/temporary_folder.h"

namespace halcyon {
namespace {

Folders folders() {
  Folders f;
  f.suites = HALCYON_SOURCE_DIR "/suites/micro";
  f.networks = HALCYON_SOURCE_DIR "/suites/networks";
  return f;
}

std::string refusal(const std::string& what, const Folders& f) {
  try {
    what_is(what, f);
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::usage);
    return e.what();
  }
  return "";
}

TEST(NameSpace, TellsProblemsSuitesAndNetworksApart) {
  EXPECT_EQ(what_is("1x1x1x8 | relu", folders()), Named::problem);
  EXPECT_EQ(what_is("smoke", folders()), Named::suite);
  EXPECT_EQ(what_is("henet_tinym", folders()), Named::network);
  EXPECT_EQ(what_is(folders().suites + "/smoke.json", folders()), Named::suite);
  EXPECT_EQ(what_is(folders().networks + "/resnet18.json", folders()), Named::network);
  EXPECT_EQ(what_is("somewhere/model.onnx", folders()), Named::network);
}

TEST(NameSpace, GuessesOverSuitesAndNetworks) {
  EXPECT_NE(refusal("smoek", folders()).find("'smoke'"), std::string::npos);
  EXPECT_NE(refusal("henet_tinymm", folders()).find("'henet_tinym'"), std::string::npos);
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
