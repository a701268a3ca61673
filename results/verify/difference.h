#pragma once
#include <functional>
#include <nlohmann/json.hpp>

namespace halcyon {

/// Where two JSON values say something else; a member that one of them lacks is null there.
struct Difference {
  nlohmann::json::json_pointer at;
  const nlohmann::json* found;
  const nlohmann::json* expected;
};

/// Whether two values that hold no other ones say the same.
using SameLeaf = bool (*)(const nlohmann::json&, const nlohmann::json&);
/// In the same spelling: 1 is not 1.0.
bool same_spelling(const nlohmann::json&, const nlohmann::json&);
/// Numbers to the last digits that a sum in another order, or another mathematical library, may
/// change; all else in the same spelling.
bool same_figure(const nlohmann::json&, const nlohmann::json&);

/// Tells every difference, in the order of keys and indices.
void for_each_difference(const nlohmann::json& found, const nlohmann::json& expected, SameLeaf,
                         const std::function<void(const Difference&)>& tell);

}  // namespace halcyon
