#pragma once
#include <string>
#include <vector>

namespace halcyon {

/// The lines of a program's output that are not blank.
std::vector<std::string> lines_of(const std::string& output);

}  // namespace halcyon
