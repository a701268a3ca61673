#include "results/text/markdown.h"

#include <string_view>

#include "results/text/format.h"

namespace halcyon {

std::string markdown_text(const std::string& text) {
  constexpr std::string_view kMeansMore = "|\\`*_<>[]&";
  std::string out;
  for (const char c : printable(text)) {
    if (kMeansMore.find(c) != kMeansMore.npos) out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + markdown_text(cell) + " |";
  return text + "\n";
}

}  // namespace halcyon
