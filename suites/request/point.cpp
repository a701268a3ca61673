#include "suites/request/point.h"

#include <charconv>
#include <sstream>

#include "kernels/error.h"

namespace halcyon {

Point point_from_text(const std::string& text) {
  const std::string where = "--point '" + text + "': ";
  Point point;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    const char* const end = word.data() + word.size();
    int value = 0;
    std::from_chars_result read{word.data(), std::errc::invalid_argument};
    if (equals != word.npos && equals > 0)
      read = std::from_chars(word.data() + equals + 1, end, value);
    if (read.ec != std::errc() || read.ptr != end)
      throw usage_error(where + "'" + word + "' is not <knob>=<value>, as in 'tile_c=16'");
    if (!point.emplace(word.substr(0, equals), value).second)
      throw usage_error(where + "names '" + word.substr(0, equals) + "' twice");
  }
  if (point.empty()) throw usage_error(where + "names no knob");
  return point;
}

}  // namespace halcyon
