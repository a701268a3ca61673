#include "suites/kernel_ranges.h"

#include <cstdint>
#include <cstdio>
#include <sstream>

namespace halcyon {

std::string kernel_ranges(const std::string& nm_output, const std::string& symbol) {
  const std::string parallel = symbol + "_par_for_";
  std::string ranges;
  std::istringstream lines(nm_output);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::uint64_t begin = 0, size = 0;
    char kind = 0;
    std::string name;
    if (!(words >> std::hex >> begin >> size >> kind >> name)) continue;  // has no size
    if ((kind != 't' && kind != 'T') || size == 0) continue;
    if (name != symbol && !name.starts_with(parallel)) continue;
    char range[64];
    std::snprintf(range, sizeof range, "%llx %llx\n", static_cast<unsigned long long>(begin),
                  static_cast<unsigned long long>(begin + size));
    ranges += range;
  }
  return ranges;
}

}  // namespace halcyon
