#include "results/files/atomic_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "kernels/error.h"
#include "kernels/for_tests.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

class AtomicFile : public testing::Test {
 protected:
  const TestFolder folder_;
};

TEST_F(AtomicFile, ReplacesALinkAndNotWhatItPointsTo) {
  const std::string path = folder_.path("results.json"), notes = folder_.write("notes", "mine");
  for (const std::string& to : {notes, folder_.path("nowhere"), folder_.path()}) {
    fs::remove(path);
    fs::create_symlink(to, path);
    write_file_atomically(path, "new");
    EXPECT_FALSE(fs::is_symlink(path)) << to;
    EXPECT_EQ(bytes_in(path), "new") << to;
    EXPECT_EQ(bytes_in(notes), "mine") << to;
  }
  EXPECT_EQ(folder_.entries(), 2);
}

TEST_F(AtomicFile, AFolderIsTriedOutAsWhoWeAreAndNothingIsLeft) {
  demand_writable_folder(folder_.path());
  demand_writable_folder(folder_.path("not/there/yet"));
  EXPECT_EQ(folder_.entries(), 0);
  for (const char* place : {"/proc/none", "/dev/null/none"})
    EXPECT_THROW(demand_writable_folder(place), Error) << place;
}

}  // namespace
}  // namespace halcyon
