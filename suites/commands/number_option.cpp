#include "suites/commands/number_option.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <stdexcept>

#include "kernels/error.h"
#include "suites/graph/network_options.h"

namespace halcyon {
namespace {

/// Both ends are allowed.
struct WholeRange {
  const char* option;
  std::uint64_t least, most;
};
constexpr std::uint64_t kMostCpus = 1024;  // that a set of CPUs holds
constexpr WholeRange kWholeRanges[] = {
    {"--seed", 0, UINT64_MAX},  {"--threads", 1, kMostCpus},
    {"--jobs", 1, kMostCpus},   {"--cpu", 0, kMostCpus - 1},
    {"--batch", 1, 1024},       {"--resolution", 1, kLargestSide},
    {"--budget", 1, 1'000'000}, {"--against-itself", 1, 10'000},
    {"--rounds", 3, 100},       {"--rerun", 1, 1000},
};
struct RealRange {
  const char* option;
  double least, most;
};
constexpr RealRange kRealRanges[] = {
    {"--minutes", 0.01, 7 * 24 * 60},
};

template <class Range, std::size_t n>
const Range* find(const Range (&ranges)[n], const std::string& option) {
  const Range* found = std::find_if(std::begin(ranges), std::end(ranges),
                                    [&](const Range& r) { return r.option == option; });
  return found == std::end(ranges) ? nullptr : found;
}

template <class Range, std::size_t n>
const Range& range_in(const Range (&ranges)[n], const std::string& option) {
  if (const Range* found = find(ranges, option)) return *found;
  throw std::logic_error(option + " has no range");
}

std::string text_of(std::uint64_t bound) {
  return bound == UINT64_MAX ? "2^64-1" : std::to_string(bound);
}

std::string text_of(double bound) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", bound);
  return text;
}

template <class Range>
std::string text_of(const Range& range) {
  return text_of(range.least) + " to " + text_of(range.most);
}

/// Neither blanks nor signs nor digits of another base are taken, and no nan or inf.
template <class Range, class Number>
Number number_in(const Range& range, const std::string& text, Number value) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && stop == end && value >= range.least && value <= range.most)
    return value;
  throw usage_error(std::string(range.option) + " '" + text + "': allowed is " + text_of(range));
}

}  // namespace

std::string range_of(const std::string& option) {
  if (const RealRange* real = find(kRealRanges, option)) return text_of(*real);
  return text_of(range_in(kWholeRanges, option));
}

std::uint64_t whole_number(const std::string& option, const std::string& text) {
  return number_in(range_in(kWholeRanges, option), text, std::uint64_t{0});
}

double real_number(const std::string& option, const std::string& text) {
  return number_in(range_in(kRealRanges, option), text, 0.0);
}

CLI::Option* add_number_option(CLI::App& command, const std::string& names, const std::string& help,
                               const std::function<void(const std::string&)>& take) {
  std::string type = range_of(names.substr(0, names.find(',')));
  type.replace(type.find(" to "), 4, "..");  // a default stands behind it: "1..1024=1"
  return command.add_option_function<std::string>(names, take, help)->type_name(type);
}

}  // namespace halcyon
