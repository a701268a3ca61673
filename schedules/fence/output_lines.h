#pragma once
#include <string>
#include <vector>

namespace halcyon {

/// The lines of a program's output that are not blank.
std::vector<std::string> lines_of(const std::string& output);
/// The last of them, without blanks at its end: tracebacks and loaders say there what went wrong.
std::string last_line(std::string output);

}  // namespace halcyon
