#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace halcyon {

/// The two ways our own files spell JSON. Both: UTF-8 (bad bytes, as a crash may leave in a
/// message, become U+FFFD), keys sorted, doubles so that they read back the same. A number that is
/// not finite is a bug of ours: Error (exit 70) naming the JSON pointer; plain nlohmann would write
/// null.
std::string compact_text(const nlohmann::json&);
/// Two spaces of indent, a newline at the end; an object or array without a container inside stands
/// on one line, so that a sample is a line.
std::string indented_text(const nlohmann::json&);

}  // namespace halcyon
