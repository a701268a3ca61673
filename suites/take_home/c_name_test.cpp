#include "suites/take_home/c_name.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

constexpr const char* kText =
    "/* a comment */\n#include \"kernel.h\"\nstatic int take(int size) { return puts(\"text\"); "
    "}\n";

TEST(CName, IsRefusedWhereAProgramCouldNotHaveIt) {
  for (const char* name :
       {"",       "a b",   "1st",   "a-b",           "é",      "int",    "class",  "restrict",
        "main_t", "_mine", "a__b",  "NULL",          "KERNEL", "printf", "sin",    "memset",
        "read",   "isnan", "linux", "halide_malloc", "take",   "size",   "std::f", "a;b"})
    EXPECT_NE(why_no_c_name(name, kText), "") << name;
}

TEST(CName, IsAnyOtherIdentifier) {
  for (const char* name : {"halcyon_kernel", "expand", "my_conv3x3", "Conv2D", "x", "kernel",
                           "comment", "text", "pw960"})
    EXPECT_EQ(why_no_c_name(name, kText), "") << name;
}

}  // namespace
}  // namespace halcyon
