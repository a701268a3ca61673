#include "results/text/terminal.h"

#include <algorithm>
#include <cmath>

#include "results/text/columns.h"
#include "results/text/format.h"

namespace halcyon {

Tint tint_of(Outcome outcome) {
  if (outcome == Outcome::ok) return Tint::none;
  return is_failure(outcome) ? Tint::red : Tint::yellow;
}

std::string Painter::operator()(const std::string& text, Tint tint) const {
  constexpr const char* kCodes[] = {"0", "2", "1", "34", "33", "31"};
  if (!colour_ || tint == Tint::none || text.empty()) return text;
  return std::string("\x1b[") + kCodes[static_cast<int>(tint)] + "m" + text + "\x1b[0m";
}

std::string fit(const std::string& text, int width, bool right) {
  if (width_of(text) > width) {
    std::size_t end = 0;
    for (int kept = 0; end < text.size(); ++end)
      if (starts_character(text[end]) && ++kept == width) break;
    return text.substr(0, end) + "…";
  }
  const std::string blanks(width - width_of(text), ' ');
  return right ? blanks + text : text + blanks;
}

std::string bar(double percent, int width) {
  constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double share = std::clamp(percent / 100, 0.0, 1.0);
  const int eighths = static_cast<int>(std::lround(share * width * 8));
  std::string out;
  for (int i = 0; i < eighths / 8; ++i) out += "█";
  return fit(out + kEighths[eighths % 8], width);
}

std::string outcome_text(Outcome outcome, const std::string& detail) {
  if (outcome == Outcome::ok) return "ok";
  return std::string(to_text(outcome)) + (detail.empty() ? "" : ": " + printable(detail));
}

}  // namespace halcyon
