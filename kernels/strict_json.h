#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/error.h"
#include "kernels/guess.h"
#include "kernels/text_file.h"

namespace halcyon {

/// What a reader of JSON allows. Caps are checked before and while parsing, not after.
struct JsonLimits {
  std::size_t bytes = 1 << 20;
  int depth = 64;
};
/// Parses strictly. Refused: duplicate keys, a byte order mark, NUL bytes, bad UTF-8, anything
/// after the value, integers outside 64 bits with sign, numbers that a double cannot hold (1e999,
/// and 1e-999 which would read as 0). Integers are kept exact. `code` is usage for what a person
/// wrote, data for our own files. Message: "path:line:column: found ..., allowed ..."; the column
/// counts characters.
nlohmann::json parse_json(std::string_view text, const std::string& where, Exit code,
                          JsonLimits = {});
/// Reads a regular file (a pipe, folder or device is refused) and parses it.
nlohmann::json read_json_file(const std::string& path, Exit code, JsonLimits = {});

/// The names of the .json files of a folder without .json, sorted; schemas aside. Error (exit 4)
/// when the folder cannot be read.
std::vector<std::string> names_of_json_files(const std::string& folder);

/// Walks an object and accounts for every key: what was not asked for is an Error. Errors carry the
/// JSON pointer: "suites/micro/x.json: /cases/3/id: expected a string, found 7". The value must
/// outlive the reader. Integers must be written as such: 3.0 is refused.
class Reader {
 public:
  Reader(const nlohmann::json& value, std::string where, std::string pointer, Exit code);
  bool has(const char* key) const;      // asking makes the key known
  std::string string(const char* key);  // required
  std::string string(const char* key, const std::string& otherwise);
  /// 1 to 128 characters that is_name_character() allows.
  std::string name(const char* key);
  /// Text for people: one line of 1 to 1024 bytes without control characters.
  std::string line(const char* key);
  std::int64_t integer(const char* key, std::int64_t low, std::int64_t high);
  std::int64_t integer(const char* key, std::int64_t low, std::int64_t high,
                       std::int64_t otherwise);
  double number(const char* key, double low, double high);
  double number(const char* key, double low, double high, double otherwise);
  bool boolean(const char* key);
  bool boolean(const char* key, bool otherwise);
  Reader object(const char* key);
  const nlohmann::json& array(const char* key);        // elements through element()
  Reader element(const char* key, std::size_t index);  // an object in an array
  std::vector<std::string> strings(const char* key);
  std::vector<std::int64_t> integers(const char* key, std::int64_t low, std::int64_t high);
  std::vector<double> numbers(const char* key, double low, double high);
  std::vector<bool> booleans(const char* key);
  bool is_null(const char* key) const;  // required, too
  std::vector<std::string> keys() const;
  void finish() const;  // Error on a key nobody asked for, with the nearest known one
  /// Error at `key`, or at the object itself when `key` is empty.
  [[noreturn]] void fail(const std::string& key, const std::string& message) const;

 private:
  const nlohmann::json& at(const std::string& key) const;
  const nlohmann::json* find(const std::string& key) const;  // null when absent

  const nlohmann::json* value_;
  std::string where_, pointer_;
  Exit code_;
  mutable std::vector<std::string> asked_;
};

/// Of A-Z a-z 0-9 . _ -: names become file names, C symbols and fragments of a page's address.
bool is_name_character(char);

/// A value for an error message: short, one line, printable.
std::string describe(const nlohmann::json& value);

}  // namespace halcyon
