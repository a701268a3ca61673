#pragma once
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <string>

#include "kernels/for_tests.h"

namespace halcyon {

/// For tests of what must leave nothing behind. Makes a new folder the working directory and the
/// place of temporary files; whatever descends from this process has inherited the first, which
/// neither a session of its own, nor a new parent, nor exec takes from it.
class LeftBehind {
 public:
  LeftBehind()
      : before_(std::filesystem::current_path()),
        folder_(std::filesystem::canonical(made_.path())) {
    if (const char* place = getenv("TMPDIR")) temporary_ = place;
    setenv("TMPDIR", folder_.c_str(), 1);
    std::filesystem::current_path(folder_);
  }
  ~LeftBehind() {
    std::error_code ignored;
    std::filesystem::current_path(before_, ignored);
    temporary_.empty() ? unsetenv("TMPDIR") : setenv("TMPDIR", temporary_.c_str(), 1);
  }
  LeftBehind(const LeftBehind&) = delete;
  LeftBehind& operator=(const LeftBehind&) = delete;

  /// Living processes but this one that work in the folder; zombies work nowhere.
  int processes() const {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const int pid = std::atoi(entry.path().filename().c_str());
      std::error_code gone;
      if (pid > 0 && pid != getpid() &&
          std::filesystem::read_symlink(entry.path() / "cwd", gone) == folder_)
        count++;
    }
    return count;
  }
  /// Files and folders in it.
  int files() const {
    return static_cast<int>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

 private:
  const TestFolder made_;
  const std::filesystem::path before_, folder_;
  std::string temporary_;
};

}  // namespace halcyon
