#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace halcyon {

/// Adds `help [COMMAND] [--markdown]`.
void add_help_command(CLI::App&, std::string& topic, bool& markdown);

/// What a command takes, or with an empty topic which there are; no line is wider than `columns`.
/// Error (exit 2) when the topic is no command.
std::string help_text(const CLI::App&, const std::string& topic, int columns);

}  // namespace halcyon
