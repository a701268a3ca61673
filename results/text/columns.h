#pragma once
#include <string>
#include <vector>

namespace halcyon {

/// Whether a byte of UTF-8 begins a character, and how many characters a text has.
bool starts_character(char byte);
int width_of(const std::string& text);

/// Rows of cells as lines, columns two spaces apart and as wide as their widest cell.
std::string columns(const std::vector<std::vector<std::string>>& rows);

/// Lines that are wider than `columns` go on in the next one, behind `indent` blanks, from a blank
/// on if there is one.
std::string wrapped(const std::string& text, int columns, int indent = 2);

}  // namespace halcyon
