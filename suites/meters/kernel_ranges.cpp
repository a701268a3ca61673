#include "suites/meters/kernel_ranges.h"

#include <cstdint>
#include <cstdio>
#include <map>
#include <sstream>

namespace halcyon {

namespace {

/// "<symbol>_par_for_<loop>" belongs to <symbol>.
std::string kernel_of(const std::string& name) { return name.substr(0, name.find("_par_for_")); }

}  // namespace

std::string kernel_ranges(const std::string& nm_output, const std::vector<std::string>& symbols) {
  std::map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < symbols.size(); i++) numbers.try_emplace(symbols[i], i);
  std::string ranges;
  std::istringstream lines(nm_output);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::uint64_t begin = 0, size = 0;
    char kind = 0;
    std::string name;
    if (!(words >> std::hex >> begin >> size >> kind >> name)) continue;  // has no size
    if ((kind != 't' && kind != 'T') || size == 0) continue;
    const auto number = numbers.find(kernel_of(name));
    if (number == numbers.end()) continue;
    char range[64];
    std::snprintf(range, sizeof range, "%llx %llx %zu\n", static_cast<unsigned long long>(begin),
                  static_cast<unsigned long long>(begin + size), number->second);
    ranges += range;
  }
  return ranges;
}

}  // namespace halcyon
