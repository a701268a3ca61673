#include "suites/commands/reference.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

TEST(Reference, SaysEverythingThatACommandTakes) {
  CLI::App app("What it is for", "halcyon");
  CLI::App& command = *app.add_subcommand("make", "makes things");
  std::vector<std::string> what;
  std::string target = "host";
  bool quiet = false;
  command.add_option("what", what, "one | two")->required();
  CLI::Option* to = command.add_option("--target,-t", target, "where to")->capture_default_str();
  command.add_flag("--quiet,-q", quiet, "says nothing")->excludes(to);
  EXPECT_EQ(reference_text(app),
            "### `halcyon make`\n\n"
            "makes things\n\n"
            "| option | takes | by default | what it does |\n"
            "|---|---|---|---|\n"
            "| `what` | `TEXT ...` |  | one \\| two; required |\n"
            "| `--target`, `-t` | `TEXT` | `host` | where to; not with `--quiet`, `-q` |\n"
            "| `--quiet`, `-q` |  |  | says nothing; not with `--target`, `-t` |\n\n");
}

}  // namespace
}  // namespace halcyon
