#pragma once
#include <cstdint>
#include <string>

namespace halcyon {

/// Numbers as people read them; the same digits in the table and on the page.

/// "12.30": so many decimals, never an exponent, no "-0".
std::string fixed(double value, int decimals);
/// "12.3", "0.0123", "1230": so many significant digits; 1.2e-09 below 1e-4; "∞", "NaN".
std::string significant(double value, int digits);
/// "1.23x": how many times as much.
std::string times_text(double ratio, int decimals = 2);
/// "87.3 %".
std::string percent_text(double value);
/// A figure with its unit, four digits: ns become "87.30 ns", "12.30 µs", "1.230 ms" or "2.100 s";
/// other units keep theirs: "12 345 instructions".
std::string figure_text(double value, const std::string& unit);
/// "1 234 567": groups of three, with a thin space that does not break.
std::string count_text(double value);
/// "954.4 M": as papers give MACs and parameters.
std::string millions_text(std::int64_t count);
/// "48.2 KiB".
std::string bytes_text(double bytes);
/// One line that a terminal shows as it stands: control characters become '?'.
std::string printable(const std::string& text);

}  // namespace halcyon
