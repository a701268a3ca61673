#pragma once
#include <string>
#include <vector>

namespace halcyon {

/// Rows of cells as aligned text, two blanks between columns; the last column is not padded.
std::string columns(const std::vector<std::vector<std::string>>& rows);

}  // namespace halcyon
