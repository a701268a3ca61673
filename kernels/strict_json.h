#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "kernels/error.h"

namespace halcyon {

/// What a reader of JSON allows. Caps are checked while parsing, not after.
struct JsonLimits {
  std::size_t bytes = 1 << 20;
  int depth = 64;
};
/// Parses strictly: no duplicate keys, no BOM, no NaN or Infinity, numbers finite, depth and size capped,
/// regular files only. `code` is 2 for what a person wrote, 3 for data. Message: "path:line:column: ...".
nlohmann::json parse_json(const std::string& text, const std::string& where, Exit code,
                          JsonLimits = {});
nlohmann::json read_json_file(const std::string& path, Exit code, JsonLimits = {});

/// Walks an object and accounts for every key: what was not asked for is an Error. Errors carry the JSON
/// pointer: "suites/micro/x.json: /cases/3/id: expected a string, found 7".
class Reader {
 public:
  Reader(const nlohmann::json& value, std::string where, std::string pointer, Exit code);
  bool has(const char* key) const;
  std::string string(const char* key);                        // required
  std::string string(const char* key, const std::string& otherwise);
  std::int64_t integer(const char* key, std::int64_t low, std::int64_t high);
  std::int64_t integer(const char* key, std::int64_t low, std::int64_t high, std::int64_t otherwise);
  double number(const char* key, double low, double high);
  double number(const char* key, double low, double high, double otherwise);
  bool boolean(const char* key);
  bool boolean(const char* key, bool otherwise);
  Reader object(const char* key);
  const nlohmann::json& array(const char* key);               // elements through element()
  Reader element(const char* key, std::size_t index);         // an object in an array
  std::vector<std::string> strings(const char* key);
  void finish() const;   // Error on a key nobody asked for, with the nearest known one
  [[noreturn]] void fail(const std::string& key, const std::string& message) const;

 private:
  const nlohmann::json* value_;
  std::string where_, pointer_;
  Exit code_;
  mutable std::vector<std::string> asked_;
};

/// The word of `known` nearest to `word` when it is near enough for a "did you mean"; else empty.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace halcyon
