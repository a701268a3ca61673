#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "kernels/for_tests.h"
#include "schedules/fence/child.h"

/// The program as a user types it, for tests.
namespace halcyon {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// Where its temporary folders lie: in memory where there is room, for each program that it links
/// may wait seconds for a disk.
inline std::string temporary_place() {
  const fs::path memory = "/dev/shm";
  std::error_code none;
  const bool room = fs::space(memory, none).available > std::uintmax_t{1} << 30 && !none;
  return room && access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
}

inline Ended halcyon(Words arguments) {
  const Words first = {"env", "TMPDIR=" + temporary_place(), HALCYON_PROGRAM};
  arguments.insert(arguments.begin(), first.begin(), first.end());
  return run_program({.wall_seconds = 240, .processes = 0, .output_bytes = 8 << 20}, arguments);
}

inline std::string join(const Words& words) {
  std::string text;
  for (const auto& w : words) text += w + " ";
  return text;
}

inline void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

/// Refused with exit 2 and one line that starts with the program's name; returns the line.
inline std::string expect_refused(const Words& arguments, const Ended& e) {
  EXPECT_EQ(e.how, Ended::exited) << join(arguments);
  EXPECT_EQ(e.code, 2) << join(arguments) << e.output;
  EXPECT_EQ(std::count(e.output.begin(), e.output.end(), '\n'), 1) << join(arguments) << e.output;
  EXPECT_EQ(e.output.rfind("halcyon: ", 0), 0u) << e.output;
  EXPECT_GT(e.output.size(), 20u) << e.output;
  return e.output;
}
inline std::string expect_refused(const Words& arguments) {
  return expect_refused(arguments, halcyon(arguments));
}

class Program : public testing::Test {
 protected:
  const TestFolder folder_;
  std::string path(const std::string& name) const { return folder_.path(name); }
  /// What a refused command must not have made.
  std::string out() const { return path("out"); }
};

}  // namespace halcyon
