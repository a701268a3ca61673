#include "results/verify/finding.h"

#include <nlohmann/json.hpp>

namespace halcyon {

std::string to_text(const Finding& f) {
  return (f.pointer.empty() ? "/" : f.pointer) + ": " + f.text;
}

nlohmann::json to_json(const Finding& f) { return {{"pointer", f.pointer}, {"text", f.text}}; }

}  // namespace halcyon
