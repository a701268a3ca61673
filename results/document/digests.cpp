#include "results/document/digests.h"

#include <nlohmann/json.hpp>

#include "results/text/json_text.h"
#include "schedules/compile/sha256.h"

namespace halcyon {
namespace {

using nlohmann::json;

json digest_of(const json& part) { return sha256_hex(compact_text(part)).substr(0, 16); }

}  // namespace

json digests_of(const json& document) {
  json head = document, digests = json::object();
  for (const char* list : {"records", "networks"}) {
    json& all = digests[list] = json::array();
    const auto found = document.find(list);
    if (found == document.end()) continue;
    for (const json& part : *found) all.push_back(digest_of(part));
    head.erase(list);
  }
  head.erase("digests");
  head.erase("hash");
  digests["head"] = digest_of(head);
  return digests;
}

}  // namespace halcyon
