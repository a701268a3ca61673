#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "kernels/text_file.h"

namespace halcyon {

/// For tests: the line that `fn` is refused with, and the command then ends with `code`; empty
/// where it is not refused.
template <class Fn>
std::string refusal_or_none(Fn&& fn, Exit code = Exit::usage) {
  try {
    fn();
  } catch (const Error& e) {
    const std::string line = e.what();
    EXPECT_EQ(e.code, code) << line;
    EXPECT_EQ(line.find('\n'), line.npos) << line;
    EXPECT_NE(line, "");
    return line;
  }
  return "";
}
/// The same of what must be refused.
template <class Fn>
std::string refusal_of(Fn&& fn, Exit code = Exit::usage) {
  const std::string line = refusal_or_none(fn, code);
  EXPECT_NE(line, "") << "accepted";
  return line;
}

/// For tests: all that a file holds.
inline std::string bytes_in(const std::string& path) {
  return read_text_file(path, Exit::data, std::size_t{1} << 30);
}

/// For tests: a folder of their own; goes with the object.
class TestFolder {
 public:
  /// `memory` where there is such a place: hundreds of syncs of a disk take half a minute.
  enum class On { disk, memory };
  explicit TestFolder(On on = On::disk) {
    namespace fs = std::filesystem;
    const bool memory = on == On::memory && access("/dev/shm", W_OK) == 0;
    path_ = (memory ? fs::path("/dev/shm") : fs::temp_directory_path()) / "halcyon-XXXXXX";
    if (!mkdtemp(path_.data())) throw std::runtime_error(path_ + " cannot be made");
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  const std::string& path() const { return path_; }
  /// Of what is in it, or is to be.
  std::string path(const std::string& name) const { return path_ + "/" + name; }
  /// Makes a file in it, and the folders above that; returns its path.
  std::string write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }
  std::string read(const std::string& name) const { return bytes_in(path(name)); }
  /// Files and folders in it.
  int entries() const {
    return static_cast<int>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::string path_;
};

}  // namespace halcyon
