#include "suites/onnx/reading/external_data.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>

#include "kernels/error.h"
#include "results/files/temporary_folder.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

class External : public testing::Test {
 protected:
  External() {
    fs::create_directories(model_ + "/sub");
    std::ofstream(model_ + "/sub/data.bin") << "0123456789";
    std::ofstream(folder_.path() + "/secret") << "0123456789";
  }
  void expect_refused(const ExternalData& data, const std::string& why) {
    try {
      const std::string read = read_external_data(model_, data);
      ADD_FAILURE() << data.location << " gave '" << read << "'; wanted: " << why;
    } catch (const Error& e) {
      EXPECT_EQ(e.code, Exit::data);
      EXPECT_NE(std::string(e.what()).find(why), std::string::npos) << e.what();
    }
  }
  TemporaryFolder folder_;
  const std::string model_ = folder_.path() + "/model";
};

TEST_F(External, BytesOfAFileInTheFolderAreRead) {
  EXPECT_EQ(read_external_data(model_, {"sub/data.bin", 2, 3}), "234");
  EXPECT_EQ(read_external_data(model_, {"./sub//data.bin", 0, 10}), "0123456789");
  EXPECT_EQ(read_external_data(model_, {"sub/data.bin", 10, 0}), "");
}

TEST_F(External, NothingOutsideTheFolderIsOpened) {
  fs::create_symlink(folder_.path() + "/secret", model_ + "/link");
  fs::create_directory_symlink(folder_.path(), model_ + "/up");
  fs::create_hard_link(folder_.path() + "/secret", model_ + "/hard");
  expect_refused({"../secret", 0, 1}, "'..'");
  expect_refused({"sub/../../secret", 0, 1}, "'..'");
  expect_refused({folder_.path() + "/secret", 0, 1}, "a relative path");
  expect_refused({"link", 0, 1}, "symbolic link");
  expect_refused({"up/secret", 0, 1}, "symbolic link");
  expect_refused({"hard", 0, 1}, "hard link");
  expect_refused({"sub", 0, 1}, "a regular file");
  expect_refused({"", 0, 1}, "a relative path");
  expect_refused({"..", 0, 1}, "'..'");
  expect_refused({std::string("sub/data.bin\0x", 14), 0, 1}, "a relative path");
  expect_refused({"..\\secret", 0, 1}, "a relative path");
  expect_refused({"missing", 0, 1}, "cannot be opened");
}

TEST_F(External, RangesMustLieInTheFile) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  expect_refused({"sub/data.bin", 8, 3}, "within the file's 10");
  expect_refused({"sub/data.bin", 11, 0}, "within the file's 10");
  expect_refused({"sub/data.bin", -1, 3}, "within the file's 10");
  expect_refused({"sub/data.bin", 1, -1}, "within the file's 10");
  expect_refused({"sub/data.bin", kMost, kMost}, "within the file's 10");
  expect_refused({"sub/data.bin", 1, kMost}, "within the file's 10");
}

}  // namespace
}  // namespace halcyon
