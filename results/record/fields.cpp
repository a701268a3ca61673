#include "results/record/fields.h"

#include <charconv>

namespace halcyon {

void FieldReader::operator()(const char* key, std::map<std::string, int>& value) {
  constexpr int kMost = std::numeric_limits<int>::max();
  value.clear();
  Reader object = in_.object(key);
  for (const std::string& name : object.keys())
    value[name] = static_cast<int>(object.integer(name.c_str(), -kMost, kMost));
}

void FieldReader::read_unsigned(const char* key, std::uint64_t& value) {
  const std::string text = in_.string(key);
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || stop != end || error != std::errc())
    in_.fail(key, "found '" + text + "', allowed 0 .. 18446744073709551615 as text");
}

}  // namespace halcyon
