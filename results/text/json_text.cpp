#include "results/text/json_text.h"

#include <algorithm>
#include <cmath>

#include "kernels/error.h"

namespace halcyon {
namespace {

using nlohmann::json;

void refuse_non_finite(const json& value, const json::json_pointer& at) {
  if (value.is_number_float() && !std::isfinite(value.get<double>()))
    throw Error(Exit::internal, at.to_string() + ": found a number that is not finite");
  if (value.is_object())
    for (const auto& [key, item] : value.items()) refuse_non_finite(item, at / key);
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i) refuse_non_finite(value[i], at / i);
}

std::string flat(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool holds_containers(const json& value) {
  return std::any_of(value.begin(), value.end(), [](const json& v) { return v.is_structured(); });
}

/// `{"a": 1, "b": 2}`: flat(), but with blanks between the members.
std::string one_line(const json& value) {
  std::string out(1, value.is_object() ? '{' : '[');
  for (auto it = value.begin(); it != value.end(); ++it) {
    if (it != value.begin()) out += ", ";
    if (value.is_object()) out += flat(it.key()) + ": ";
    out += flat(*it);
  }
  return out + (value.is_object() ? '}' : ']');
}

void append_indented(std::string& out, const json& value, std::size_t depth) {
  if (!value.is_structured()) {
    out += flat(value);
    return;
  }
  if (!holds_containers(value)) {
    out += one_line(value);
    return;
  }
  out += value.is_object() ? '{' : '[';
  for (auto it = value.begin(); it != value.end(); ++it) {
    if (it != value.begin()) out += ',';
    out += '\n' + std::string(2 * depth + 2, ' ');
    if (value.is_object()) out += flat(it.key()) + ": ";
    append_indented(out, *it, depth + 1);
  }
  out += '\n' + std::string(2 * depth, ' ');
  out += value.is_object() ? '}' : ']';
}

}  // namespace

std::string compact_text(const json& value) {
  refuse_non_finite(value, json::json_pointer());
  return flat(value);
}

std::string indented_text(const json& value) {
  refuse_non_finite(value, json::json_pointer());
  std::string out;
  append_indented(out, value, 0);
  return out + '\n';
}

}  // namespace halcyon
