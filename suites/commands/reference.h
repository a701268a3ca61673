#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace halcyon {

/// All commands and what they take, as Markdown: the part of docs/reference.md that is made.
std::string reference_text(const CLI::App&);

}  // namespace halcyon
