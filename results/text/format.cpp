#include "results/text/format.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace halcyon {
namespace {

constexpr const char* kThinSpace = "\u202f";  // narrow, does not break

std::string exponential(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*e", digits - 1, value);
  return text;
}

}  // namespace

std::string fixed(double value, int decimals) {
  char text[400];  // the largest double has 309 digits before the point
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  const std::string plain = text;
  return plain.find_first_of("123456789") == std::string::npos && plain[0] == '-' ? plain.substr(1)
                                                                                  : plain;
}

std::string significant(double value, int digits) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
  if (value == 0) return "0";
  if (std::abs(value) < 1e-4) return exponential(value, digits);
  // The exponent after rounding: 9.9996 with four digits is 10.00.
  const std::string rounded = exponential(value, digits);
  const int exponent = std::stoi(rounded.substr(rounded.find('e') + 1));
  return fixed(value, std::max(0, digits - 1 - exponent));
}

std::string times_text(double ratio, int decimals) { return fixed(ratio, decimals) + "x"; }

std::string percent_text(double value) { return fixed(value, 1) + " %"; }

std::string figure_text(double value, const std::string& unit) {
  if (unit != "ns") return count_text(value) + " " + unit;
  struct Scale {
    double ns;
    const char* name;
  };
  for (const Scale& scale : {Scale{1e9, "s"}, Scale{1e6, "ms"}, Scale{1e3, "µs"}})
    if (value >= scale.ns) return significant(value / scale.ns, 4) + " " + scale.name;
  return significant(value, 4) + " ns";
}

std::string count_text(double value) {
  std::string digits = fixed(value, 0);
  const int first = digits[0] == '-' ? 1 : 0;
  for (int i = static_cast<int>(digits.size()) - 3; i > first; i -= 3) digits.insert(i, kThinSpace);
  return digits;
}

std::string millions_text(std::int64_t count) {
  return significant(static_cast<double>(count) / 1e6, 4) + " M";
}

std::string bytes_text(double bytes) {
  struct Scale {
    double bytes;
    const char* name;
  };
  for (const Scale& scale : {Scale{1 << 30, "GiB"}, Scale{1 << 20, "MiB"}, Scale{1 << 10, "KiB"}})
    if (bytes >= scale.bytes) return significant(bytes / scale.bytes, 3) + " " + scale.name;
  return fixed(bytes, 0) + " B";
}

std::string printable(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = text[i];
    // C1 controls are C2 80 .. C2 9F in UTF-8; terminals obey them like ESC sequences.
    const bool c1 = c == 0xc2 && i + 1 < text.size() &&
                    static_cast<unsigned char>(text[i + 1]) >= 0x80 &&
                    static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (c1) ++i;
    out += c < 0x20 || c == 0x7f || c1 ? '?' : text[i];
  }
  return out;
}

}  // namespace halcyon
