#include "suites/commands/number_option.h"

#include <gtest/gtest.h>

#include <vector>

#include "kernels/error.h"
#include "kernels/for_tests.h"

namespace halcyon {
namespace {

std::string refusal(const std::string& option, const std::string& text) {
  return refusal_of([&] {
    if (option == "--minutes")
      real_number(option, text);
    else
      whole_number(option, text);
  });
}

TEST(NumberOption, TakesBothEndsOfItsRange) {
  EXPECT_EQ(whole_number("--seed", "0"), 0u);
  EXPECT_EQ(whole_number("--seed", "18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(whole_number("--threads", "1"), 1u);
  EXPECT_EQ(whole_number("--threads", "1024"), 1024u);
  EXPECT_DOUBLE_EQ(real_number("--minutes", "0.01"), 0.01);
  EXPECT_DOUBLE_EQ(real_number("--minutes", "1.5"), 1.5);
}

TEST(NumberOption, RefusesEverythingElseWithWhatIsAllowed) {
  for (const char* option : {"--seed", "--threads", "--jobs", "--cpu", "--batch", "--resolution",
                             "--budget", "--against-itself", "--minutes"})
    for (const char* text :
         {"", " ", "-1", "+1", "nan", "inf", "-inf", "1e400", "0x10", "1 ", " 1", "1x", "1,5",
          "100000000000000000000", "99999999999999999999999999", "one", "1_0", "1'0"})
      EXPECT_EQ(refusal(option, text),
                option + (" '" + std::string(text)) + "': allowed is " + range_of(option));
}

TEST(NumberOption, RefusesWhatIsJustOutside) {
  EXPECT_EQ(refusal("--threads", "0"), "--threads '0': allowed is 1 to 1024");
  EXPECT_EQ(refusal("--threads", "1025"), "--threads '1025': allowed is 1 to 1024");
  EXPECT_EQ(refusal("--minutes", "0"), "--minutes '0': allowed is 0.01 to 10080");
  EXPECT_EQ(refusal("--minutes", "10081"), "--minutes '10081': allowed is 0.01 to 10080");
  EXPECT_EQ(refusal("--seed", "18446744073709551616"),
            "--seed '18446744073709551616': allowed is 0 to 2^64-1");
}

}  // namespace
}  // namespace halcyon
