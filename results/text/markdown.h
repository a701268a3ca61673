#pragma once
#include <string>
#include <vector>

namespace halcyon {

/// Text that Markdown shows as it stands: on one line, also in the cell of a table.
std::string markdown_text(const std::string&);
/// "| a | b |" with a newline behind it.
std::string markdown_row(const std::vector<std::string>& cells);

}  // namespace halcyon
