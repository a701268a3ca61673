#include "suites/commands/help.h"

#include <gtest/gtest.h>

#include <sstream>

#include "kernels/error.h"
#include "results/text/columns.h"
#include "suites/commands/options.h"

namespace halcyon {
namespace {

/// A program of two commands.
struct Program {
  Program() {
    add_bench_options(*app.add_subcommand("bench", "check, then time"), request, speech, extras);
    add_help_command(app, topic, markdown);
  }
  CLI::App app{"What it is for", "halcyon"};
  Request request;
  Speech speech;
  RunExtras extras;
  std::string topic;
  bool markdown = false;
};

TEST(Help, FitsTheTerminalAndStaysInItsColumn) {
  const Program p;
  for (const int columns : {60, 80, 120, 200})
    for (const char* topic : {"", "bench"}) {
      std::istringstream lines(help_text(p.app, topic, columns));
      for (std::string line; std::getline(lines, line);) EXPECT_LE(width_of(line), columns) << line;
    }
  int further = 0;
  std::istringstream lines(help_text(p.app, "bench", 80));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("   ")) continue;
    further++;
    EXPECT_EQ(line.find_first_not_of(' '), 30u) << line;
  }
  EXPECT_GT(further, 10) << "lines that go on";
}

TEST(Help, LosesNoWord) {
  const Program p;
  std::istringstream narrow(help_text(p.app, "bench", 60)), wide(help_text(p.app, "bench", 400));
  std::string a, b;
  while (wide >> b) {
    ASSERT_TRUE(narrow >> a);
    ASSERT_EQ(a, b);
  }
}

TEST(Help, IsOfACommandOrRefused) {
  const Program p;
  EXPECT_NE(help_text(p.app, "bench", 80).find("--peers"), std::string::npos);
  EXPECT_EQ(help_text(p.app, "", 80).find("--peers"), std::string::npos);
  EXPECT_NE(help_text(p.app, "", 80).find("bench"), std::string::npos);
  EXPECT_THROW(help_text(p.app, "bnech", 80), Error);
}

}  // namespace
}  // namespace halcyon
