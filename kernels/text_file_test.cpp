#include "kernels/text_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "kernels/for_tests.h"

namespace halcyon {
namespace {

/// The message of the Error that reading gives.
std::string refusal(const std::string& path, std::size_t limit) {
  return refusal_of([&] { read_text_file(path, Exit::data, limit); }, Exit::data);
}

TEST(TextFile, IsReadWholeAlsoWhereTheSystemTellsNoSize) {
  const TestFolder folder;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1} << 20}) {
    const std::string bytes(size, '\0');
    EXPECT_EQ(read_text_file(folder.write("file", bytes), Exit::data, size), bytes);
  }
  struct stat status {};
  ASSERT_EQ(stat("/proc/cpuinfo", &status), 0);
  ASSERT_EQ(status.st_size, 0);
  EXPECT_NE(text_if_readable("/proc/cpuinfo").find("processor"), std::string::npos);
}

TEST(TextFile, LargerThanAllowedIsRefusedAlsoWithoutASize) {
  const TestFolder folder;
  const std::string file = folder.write("file", std::string(5, 'x'));
  EXPECT_EQ(refusal(file, 4), file + ": found 5 bytes, allowed 4 bytes");
  EXPECT_NE(refusal("/proc/self/maps", 4).find("bytes, allowed 4 bytes"), std::string::npos);
}

TEST(TextFile, WhatTheSystemDoesNotTellIsNothing) {
  const TestFolder folder;
  EXPECT_EQ(text_if_readable(folder.path("none")), "");
  EXPECT_EQ(text_if_readable(folder.path()), "");
  EXPECT_EQ(first_line_if_readable(folder.path("none")), "");
  EXPECT_EQ(first_line_if_readable(folder.write("two", "one \ntwo\n")), "one ");
  EXPECT_EQ(first_line_if_readable(folder.write("one", "one")), "one");
}

}  // namespace
}  // namespace halcyon
