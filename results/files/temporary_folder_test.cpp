#include "results/files/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "kernels/error.h"

namespace halcyon {
namespace {

TEST(TemporaryFolderTest, APlaceThatIsNotThereIsNamed) {
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before ? before : "";
  setenv("TMPDIR", "/no/such/folder", 1);
  try {
    TemporaryFolder();
    ADD_FAILURE() << "made";
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::environment);
    EXPECT_EQ(std::string(e.what()), "TMPDIR /no/such/folder: no such folder");
  }
  kept.empty() ? unsetenv("TMPDIR") : setenv("TMPDIR", kept.c_str(), 1);
}

TEST(TemporaryFolderTest, GoesWithTheObject) {
  std::string path;
  {
    const TemporaryFolder folder;
    path = folder.path();
    EXPECT_TRUE(std::filesystem::is_directory(path));
    std::filesystem::create_directories(path + "/a/b");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace halcyon
