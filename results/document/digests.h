#pragma once
#include <nlohmann/json_fwd.hpp>

namespace halcyon {

/// Of a results document by its parts: {"head": .., "records": [..], "networks": [..]}, each the
/// first 16 hex digits of the SHA-256 of compact_text() of the part; of the head all members but
/// these lists, the digests and the hash. The hash says that something was changed, these say what,
/// and that lists have the members that they had, in their order.
nlohmann::json digests_of(const nlohmann::json& document);

}  // namespace halcyon
