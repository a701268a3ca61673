#include "suites/bundle/toolchain_output.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

const std::string kWarning =
    "/usr/bin/ld: /tmp/libx.a(io.o): in function `open':\n"
    "io.cpp:(.text+0x1c): warning: Using 'getaddrinfo' in statically linked applications requires "
    "at runtime the shared libraries from the glibc version used for linking\n";

TEST(ToolchainOutput, TheLineThatSaysWhyIsNeitherTheFirstWarningNorTheLastWord) {
  const std::pair<std::string, std::string> all[] = {
      {kWarning + "/usr/bin/ld: final link failed: No space left on device\n"
                  "collect2: error: ld returned 1 exit status\n",
       "/usr/bin/ld: final link failed: No space left on device"},
      {kWarning + "/usr/bin/ld: table.o: in function `main':\n"
                  "table.cpp:(.text+0x8): undefined reference to `halcyon_bench'\n"
                  "collect2: error: ld returned 1 exit status\n",
       "table.cpp:(.text+0x8): undefined reference to `halcyon_bench'"},
      {"/usr/bin/ld: cannot find -lbenchmark: No such file or directory\n"
       "collect2: error: ld returned 1 exit status\n",
       "/usr/bin/ld: cannot find -lbenchmark: No such file or directory"},
      {"table.cpp:3:1: error: expected ';'\n    3 | x\n      | ^\n",
       "table.cpp:3:1: error: expected ';'"},
      {kWarning + "collect2: fatal error: ld terminated with signal 9 [Killed]\n"
                  "compilation terminated.\n",
       "collect2: fatal error: ld terminated with signal 9 [Killed]"},
      {"collect2: error: ld returned 1 exit status\n",
       "collect2: error: ld returned 1 exit status"},
      {"", "it said nothing"}};
  for (const auto& [output, line] : all) EXPECT_EQ(complaint_in(output), line);
}

TEST(ToolchainOutput, WhatThisMachineLackedIsTold) {
  EXPECT_EQ(lack_in(kWarning), "");
  EXPECT_EQ(lack_in("undefined reference to `x'\n"), "");
  EXPECT_EQ(lack_in(kWarning + "ld: final link failed: No space left on device\n"),
            "no space left on device");
  EXPECT_EQ(lack_in("collect2: fatal error: ld terminated with signal 7 [Bus error]\n"),
            "no space left on device");
  EXPECT_EQ(lack_in("cc1plus: out of memory allocating 65536 bytes\n"), "out of memory");
  EXPECT_EQ(lack_in("virtual memory exhausted: Cannot allocate memory\n"), "out of memory");
}

}  // namespace
}  // namespace halcyon
