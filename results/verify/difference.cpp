#include "results/verify/difference.h"

#include <algorithm>
#include <set>

#include "results/record/record_rules.h"

namespace halcyon {
namespace {

using nlohmann::json;
using Tell = std::function<void(const Difference&)>;

void walk(const json* found, const json* expected, const json::json_pointer& at, SameLeaf same,
          const Tell& tell) {
  if (!found || !expected) return tell({at, found, expected});
  if (found->is_object() && expected->is_object()) {
    std::set<std::string> keys;
    for (const json* side : {found, expected})
      for (const auto& [key, value] : side->items()) keys.insert(key);
    const auto member = [](const json& of, const std::string& key) {
      const auto it = of.find(key);
      return it == of.end() ? nullptr : &*it;
    };
    for (const std::string& key : keys)
      walk(member(*found, key), member(*expected, key), at / key, same, tell);
  } else if (found->is_array() && expected->is_array()) {
    const auto element = [](const json& of, std::size_t i) {
      return i < of.size() ? &of[i] : nullptr;
    };
    for (std::size_t i = 0; i < std::max(found->size(), expected->size()); ++i)
      walk(element(*found, i), element(*expected, i), at / i, same, tell);
  } else if (found->is_structured() || expected->is_structured() || !same(*found, *expected)) {
    tell({at, found, expected});
  }
}

}  // namespace

bool same_spelling(const json& a, const json& b) { return a.dump() == b.dump(); }

bool same_figure(const json& a, const json& b) {
  if (a.is_number_float() && b.is_number_float()) return agree(a.get<double>(), b.get<double>());
  return same_spelling(a, b);
}

void for_each_difference(const json& found, const json& expected, SameLeaf same, const Tell& tell) {
  walk(&found, &expected, json::json_pointer(), same, tell);
}

}  // namespace halcyon
