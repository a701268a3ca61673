#include "results/text/columns.h"

#include <algorithm>

namespace halcyon {

bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

int width_of(const std::string& text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<int> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); i++) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); i++) {
      text += row[i];
      if (i + 1 < row.size()) text.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    text += '\n';
  }
  return text;
}

std::string wrapped(const std::string& text, int columns, int indent) {
  const std::string blanks(static_cast<std::size_t>(indent), ' ');
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = text.find('\n', begin);
    std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    while (width_of(line) > columns) {
      std::size_t cut = 0, at = 0;
      for (int seen = 0; at < line.size(); ++at) {
        if (starts_character(line[at]) && ++seen > columns) break;
        if (line[at] == ' ' && line.find_first_not_of(' ') < at && seen > indent) cut = at;
      }
      if (cut == 0) cut = at;  // one long word
      out += line.substr(0, cut) + "\n";
      line = blanks + line.substr(std::min(line.find_first_not_of(' ', cut), line.size()));
    }
    out += line + "\n";
  }
  return out;
}

}  // namespace halcyon
