#include "suites/request/filter.h"

#include <regex>

#include "kernels/error.h"

namespace halcyon {

Filter::Filter(const std::string& expression) {
  try {
    matches_ = [pattern = std::regex(expression, std::regex::ECMAScript | std::regex::optimize)](
                   const std::string& text) { return std::regex_search(text, pattern); };
  } catch (const std::regex_error& e) {
    throw usage_error("--filter '" + expression + "': not a regular expression (" + e.what() + ")");
  }
}

}  // namespace halcyon
