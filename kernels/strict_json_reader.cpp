#include <algorithm>
#include <cmath>

#include "kernels/strict_json.h"

namespace halcyon {
namespace {

using nlohmann::json;

std::string escape_pointer(const std::string& key) {
  std::string out;
  for (char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

}  // namespace

Reader::Reader(const json& value, std::string where, std::string pointer, Exit code)
    : value_(&value), where_(std::move(where)), pointer_(std::move(pointer)), code_(code) {
  if (!value.is_object()) fail("", "expected an object, found " + describe(value));
}

void Reader::fail(const std::string& key, const std::string& message) const {
  const std::string pointer = key.empty() ? pointer_ : pointer_ + "/" + escape_pointer(key);
  throw Error(code_, where_ + ": " + (pointer.empty() ? "/" : pointer) + ": " + message);
}

const json* Reader::find(const std::string& key) const {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.push_back(key);
  const auto it = value_->find(key);
  return it == value_->end() ? nullptr : &*it;
}

const json& Reader::at(const std::string& key) const {
  const json* found = find(key);
  if (!found) fail(key, "missing");
  return *found;
}

bool Reader::has(const char* key) const { return find(key) != nullptr; }

std::string Reader::string(const char* key) {
  const json& value = at(key);
  if (!value.is_string()) fail(key, "expected a string, found " + describe(value));
  return value.get<std::string>();
}
std::string Reader::string(const char* key, const std::string& otherwise) {
  return has(key) ? string(key) : otherwise;
}

std::string Reader::name(const char* key) {
  constexpr std::size_t kLongest = 128;
  const std::string name = string(key);
  if (name.empty() || name.size() > kLongest ||
      !std::all_of(name.begin(), name.end(), is_name_character))
    fail(key, "expected 1 to 128 characters of A-Z a-z 0-9 . _ -, found " + describe(json(name)));
  return name;
}

std::string Reader::line(const char* key) {
  constexpr std::size_t kLongest = 1024;
  const std::string line = string(key);
  if (line.empty() || line.size() > kLongest)
    fail(key, "expected 1 to 1024 bytes, found " + std::to_string(line.size()));
  for (unsigned char c : line)
    if (c < 0x20 || c == 0x7f) fail(key, "expected one line without control characters");
  return line;
}

std::int64_t Reader::integer(const char* key, std::int64_t low, std::int64_t high) {
  const json& value = at(key);
  const std::string range = std::to_string(low) + " .. " + std::to_string(high);
  // An unsigned value above INT64_MAX never comes from parse_json, but may from a caller's own
  // json.
  const bool fits = value.is_number_integer() &&
                    (!value.is_number_unsigned() || value.get<std::uint64_t>() <= INT64_MAX);
  if (!fits) fail(key, "expected an integer in " + range + ", found " + describe(value));
  const auto number = value.get<std::int64_t>();
  if (number < low || number > high) fail(key, "found " + describe(value) + ", allowed " + range);
  return number;
}
std::int64_t Reader::integer(const char* key, std::int64_t low, std::int64_t high,
                             std::int64_t otherwise) {
  return has(key) ? integer(key, low, high) : otherwise;
}

double Reader::number(const char* key, double low, double high) {
  const json& value = at(key);
  const std::string range = json(low).dump() + " .. " + json(high).dump();
  if (!value.is_number()) fail(key, "expected a number in " + range + ", found " + describe(value));
  const double number = value.get<double>();
  if (!(number >= low && number <= high))
    fail(key, "found " + describe(value) + ", allowed " + range);
  return number;
}
double Reader::number(const char* key, double low, double high, double otherwise) {
  return has(key) ? number(key, low, high) : otherwise;
}

bool Reader::boolean(const char* key) {
  const json& value = at(key);
  if (!value.is_boolean()) fail(key, "expected true or false, found " + describe(value));
  return value.get<bool>();
}
bool Reader::boolean(const char* key, bool otherwise) {
  return has(key) ? boolean(key) : otherwise;
}

Reader Reader::object(const char* key) {
  return Reader(at(key), where_, pointer_ + "/" + escape_pointer(key), code_);
}

const json& Reader::array(const char* key) {
  const json& value = at(key);
  if (!value.is_array()) fail(key, "expected an array, found " + describe(value));
  return value;
}

Reader Reader::element(const char* key, std::size_t index) {
  const std::string pointer = pointer_ + "/" + escape_pointer(key) + "/" + std::to_string(index);
  return Reader(array(key).at(index), where_, pointer, code_);
}

std::vector<std::string> Reader::strings(const char* key) {
  std::vector<std::string> out;
  for (const json& item : array(key)) {
    if (!item.is_string())
      fail(std::string(key),
           "expected strings, found " + describe(item) + " at index " + std::to_string(out.size()));
    out.push_back(item.get<std::string>());
  }
  return out;
}

std::vector<std::int64_t> Reader::integers(const char* key, std::int64_t low, std::int64_t high) {
  std::vector<std::int64_t> out;
  for (const json& item : array(key)) {
    const bool fits = item.is_number_integer() &&
                      !(item.is_number_unsigned() && item.get<std::uint64_t>() > INT64_MAX);
    if (!fits || item.get<std::int64_t>() < low || item.get<std::int64_t>() > high)
      fail(key, "expected integers in " + std::to_string(low) + " .. " + std::to_string(high) +
                    ", found " + describe(item) + " at index " + std::to_string(out.size()));
    out.push_back(item.get<std::int64_t>());
  }
  return out;
}

std::vector<double> Reader::numbers(const char* key, double low, double high) {
  std::vector<double> out;
  for (const json& item : array(key)) {
    const double number = item.is_number() ? item.get<double>() : NAN;
    if (!(number >= low && number <= high))
      fail(key, "expected numbers in " + json(low).dump() + " .. " + json(high).dump() +
                    ", found " + describe(item) + " at index " + std::to_string(out.size()));
    out.push_back(number);
  }
  return out;
}

std::vector<bool> Reader::booleans(const char* key) {
  std::vector<bool> out;
  for (const json& item : array(key)) {
    if (!item.is_boolean())
      fail(key, "expected true or false, found " + describe(item) + " at index " +
                    std::to_string(out.size()));
    out.push_back(item.get<bool>());
  }
  return out;
}

bool Reader::is_null(const char* key) const { return at(key).is_null(); }

std::vector<std::string> Reader::keys() const {
  std::vector<std::string> out;
  for (const auto& [key, value] : value_->items()) out.push_back(key);
  return out;
}

void Reader::finish() const {
  for (const auto& [key, value] : value_->items()) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    const std::string near = nearest(key, asked_);
    std::string known;
    for (const std::string& k : asked_) known += (known.empty() ? "" : ", ") + k;
    fail(key, near.empty() ? "unknown key, allowed: " + known
                           : "unknown key, did you mean '" + near + "'?");
  }
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

}  // namespace halcyon
