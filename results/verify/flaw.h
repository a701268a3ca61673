#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace halcyon {

/// Something that is wrong with a results document, in one line.
struct Flaw {
  std::string pointer;  // JSON pointer of where; empty: the document
  std::string text;     // what was found, what is allowed
  bool operator==(const Flaw&) const = default;
};
using Flaws = std::vector<Flaw>;

/// "/records/3/macs: found 7, allowed 12"; the document itself is "/".
std::string to_text(const Flaw&);
nlohmann::json to_json(const Flaw&);

}  // namespace halcyon
