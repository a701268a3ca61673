#include "results/files/atomic_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "kernels/error.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

class AtomicFile : public testing::Test {
 protected:
  AtomicFile() {
    std::string name = (fs::temp_directory_path() / "halcyon-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~AtomicFile() override { fs::remove_all(folder_); }
  static std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  int files() const { return static_cast<int>(std::distance(fs::directory_iterator(folder_), {})); }
  std::string folder_;
};

TEST_F(AtomicFile, ReplacesALinkAndNotWhatItPointsTo) {
  const std::string path = folder_ + "/results.json", notes = folder_ + "/notes";
  std::ofstream(notes) << "mine";
  for (const std::string& to : {notes, folder_ + "/nowhere", folder_}) {
    fs::remove(path);
    fs::create_symlink(to, path);
    write_file_atomically(path, "new");
    EXPECT_FALSE(fs::is_symlink(path)) << to;
    EXPECT_EQ(read(path), "new") << to;
    EXPECT_EQ(read(notes), "mine") << to;
  }
  EXPECT_EQ(files(), 2);
}

TEST_F(AtomicFile, AFolderIsTriedOutAsWhoWeAreAndNothingIsLeft) {
  demand_writable_folder(folder_);
  demand_writable_folder(folder_ + "/not/there/yet");
  EXPECT_EQ(files(), 0);
  for (const char* place : {"/proc/none", "/dev/null/none"})
    EXPECT_THROW(demand_writable_folder(place), Error) << place;
}

}  // namespace
}  // namespace halcyon
