#include "suites/commands/help.h"

#include <sstream>

#include "kernels/error.h"
#include "kernels/problem/op_field.h"
#include "results/text/columns.h"

namespace halcyon {
namespace {

/// Where what an option does stands, right of its name.
constexpr int kIndent = 30, kLeastColumns = 60;

}  // namespace

void add_help_command(CLI::App& app, std::string& topic, bool& markdown) {
  CLI::App& command = *app.add_subcommand("help", "what a command takes");
  CLI::Option* which = command.add_option("command", topic, "which");
  command.add_flag("--markdown", markdown, "all commands, as docs/reference.md has them")
      ->excludes(which);
}

std::string help_text(const CLI::App& app, const std::string& topic, int columns) {
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands({})) known.push_back(command->get_name());
  const bool is_known = std::find(known.begin(), known.end(), topic) != known.end();
  if (!topic.empty() && !is_known)
    throw usage_error("no command " + with_guess(topic, known) + "; allowed are " + joined(known));
  // app.help() itself would be that of the command that was parsed.
  std::istringstream lines(topic.empty() ? app.get_formatter()->make_help(
                                               &app, app.get_name(), CLI::AppFormatMode::Normal)
                                         : app.get_subcommand(topic)->help(app.get_name()));
  std::string text;
  for (std::string line; std::getline(lines, line);)
    text += wrapped(line + "\n", std::max(columns, kLeastColumns),
                    line.starts_with("  ") ? kIndent : 0);
  return text;
}

}  // namespace halcyon
